import { fetched } from "@/components/ui/fetched.tsx";
import { Loading } from "@/components/ui/skeleton";

/** The doctor's room, fetched before it is needed. */
export const ClinicianRoom = fetched(
  () => import("@/components/call/clinician-room").then((room) => room.ClinicianRoom),
  () => <Loading label="Opening the room" />,
);
