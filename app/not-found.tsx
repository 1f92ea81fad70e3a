import type { Metadata } from "next";
import { Button } from "@/components/ui/button";
import { Logo } from "@/components/ui/logo";

export const metadata: Metadata = { title: "Nothing here" };

export default function NotFound() {
  return (
    <main id="main" className="mx-auto max-w-[40rem] px-[min(1rem,4vw)] py-10 sm:px-6">
      <Logo />
      <h1 className="mt-8 text-calm-title font-bold">There is nothing at this address</h1>
      <p className="mt-2 text-calm text-muted-foreground">
        Was it a link from your doctor? Open it again from the message it came in, and make sure all of it was copied.
      </p>
      <Button asChild variant="outline" size="calm" className="mt-6">
        <a href="/">Go to the start</a>
      </Button>
    </main>
  );
}
