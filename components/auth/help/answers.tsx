import Link from "next/link";
import type { ReactNode } from "react";

const link = "text-primary underline underline-offset-4";

/** What people ask, and the short answer. */
export const groups: { id: string; title: string; answers: { question: string; answer: ReactNode }[] }[] = [
  {
    id: "visit",
    title: "Your visit",
    answers: [
      {
        question: "I hear nothing, or nobody sees me",
        answer: (
          <>
            Leave, open the link again and check camera and microphone there. The page says what is wrong and what to
            press.{" "}
            <Link href="/test" className={link}>
              Test your device
            </Link>
          </>
        ),
      },
      {
        question: "I lost the link",
        answer:
          "Call the practice. They send you a new one. A link works for whoever opens it first, and for nobody after.",
      },
      {
        question: "May someone sit in with me?",
        answer: "In your room, of course. In the call, only with your signature, and only until you say otherwise.",
      },
    ],
  },
  {
    id: "decide",
    title: "What you decide",
    answers: [
      {
        question: "What does “Ask me each time” mean?",
        answer:
          "Your doctor can write a prescription or send a file, and you see it first. It counts only if you approve it.",
      },
      {
        question: "Can I change my mind?",
        answer:
          "Yes, during the visit and afterwards. It works at once. What was recorded by then stays recorded; nothing more can be.",
      },
      { question: "Is the visit filmed?", answer: "No. Neither sound nor picture is kept, by anyone." },
    ],
  },
  {
    id: "records",
    title: "Your records",
    answers: [
      {
        question: "Who can read them?",
        answer:
          "You, and whoever you allow, for as long as you allow. The clinic’s server keeps them locked and cannot open them.",
      },
      {
        question: "How do I see who looked?",
        answer: (
          <>
            <Link href="/records" className={link}>
              My records
            </Link>{" "}
            lists it, with the reason. <strong className="font-semibold">Check this</strong> holds every line to the log
            and the ledger, on your own device.
          </>
        ),
      },
      {
        question: "What if I lose my phone?",
        answer:
          "Your recovery kit opens everything on a new one, and so does a passkey if you saved one. Without either, nobody can, not even we.",
      },
      {
        question: "Can I have it all deleted?",
        answer:
          "Yes. The content becomes unreadable for everyone and you get a certificate. What the law makes the practice keep, it names. A line without content remains, so that the log still adds up.",
      },
    ],
  },
  {
    id: "practice",
    title: "For doctors and admins",
    answers: [
      {
        question: "What do saved, sent, on the ledger and final mean?",
        answer:
          "Saved: durable here. Sent: on its way. On the ledger: in a block. Final: it can’t be undone any more. Nobody waits for it; the call goes on meanwhile.",
      },
      {
        question: "A prescription or a file was refused",
        answer:
          "The patient didn’t allow it, took it back, or the permission has ended. Nothing was recorded. Ask the patient in the call: they can allow it there.",
      },
      {
        question: "What can an admin read?",
        answer:
          "Who did what and when, under which permission. Nothing of what was said, written or sent: the server can’t open it either. Every look is a line of the log itself.",
      },
      {
        question: "A line of the audit log is red",
        answer:
          "It is not what was signed or what the ledger has. The page says which part differs. Keep the database as it is, save the evidence, and find out who had access to the machine.",
      },
    ],
  },
];
