export { kitSaved } from "@/components/keyring/kit-saved.ts";
