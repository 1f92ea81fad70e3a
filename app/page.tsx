import { LandingScreen } from "@/components/auth/landing-screen";

export default function Page() {
  return <LandingScreen />;
}
