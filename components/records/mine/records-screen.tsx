"use client";

import { CalendarDays, Download, FileText, Pill, UserRoundPlus } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { HelpLink } from "@/components/auth/help/help-link.tsx";
import { KeyWays } from "@/components/keyring/key-ways.tsx";
import { KitCard } from "@/components/keyring/kit-card.tsx";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { Empty } from "@/components/ui/empty.tsx";
import { PatientFrame } from "@/components/ui/patient-frame.tsx";
import { Loading } from "@/components/ui/skeleton.tsx";
import { Tab, TabList, TabPanel, Tabs } from "@/components/ui/tabs.tsx";
import { counted } from "@/components/ui/text.ts";
import { PATIENT } from "@/lib/keyring/owners.ts";
import type { Certificate } from "@/lib/records/erasure.ts";
import { RolledBack } from "@/lib/records/seal.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { OlderVersion } from "../older-version.tsx";
import { BackgroundCard } from "./background-card.tsx";
import { takeOlderFolder } from "./own-folder.ts";
import { isInForce, PermissionCard, Permissions } from "./permissions.tsx";
import { ShareCard, useShares } from "./share-card.tsx";
import { Things, Visits } from "./things.tsx";
import { type Mine, useMine } from "./use-mine.ts";
import { WhoLooked } from "./who-looked.tsx";

const OpenHere = dynamic(() => import("./open-here.tsx").then((file) => file.OpenHere), {
  ssr: false,
  loading: () => <Loading label="Opening" />,
});
const UnlockMine = dynamic(() => import("./unlock-mine.tsx").then((file) => file.UnlockMine), {
  ssr: false,
  loading: () => <Loading label="Opening" />,
});

/** Everything of a patient's, opened on their own device. */
export function RecordsScreen() {
  const { mine, reload } = useMine();
  const [doing, setDoing] = useState<"share" | "download" | null>(null);
  const [certificate, showCertificate] = useState<Certificate | null>(null);
  if (mine.is === "nothing-here") {
    return (
      <PatientFrame title="Assent" width="wide">
        <OpenHere onOpened={reload} />
      </PatientFrame>
    );
  }
  if (mine.is === "locked") {
    return (
      <PatientFrame title="Assent" width="text">
        <UnlockMine onOpened={reload} />
      </PatientFrame>
    );
  }
  if (certificate) return <CertificateScreen certificate={certificate} onBack={() => showCertificate(null)} />;
  if (doing === "download" && mine.is === "read") return <DownloadForm mine={mine} onBack={() => setDoing(null)} />;
  if (doing === "share" && mine.is === "read") {
    const done = (shared: boolean) => {
      setDoing(null);
      if (shared) reload();
    };
    return <ShareForm visits={mine.visits} onDone={done} />;
  }
  const clinic = mine.is === "read" ? mine.visits[0]?.join.clinic : undefined;
  return (
    <PatientFrame title={clinic ?? "Assent"} width="page" aside={<HelpLink />}>
      <div className="flex flex-wrap items-start justify-between gap-4">
        <div>
          <h1 className="text-calm-title font-bold lg:text-[2.25rem]">My records</h1>
          <p className="text-muted-foreground">Only you can open this page. It is read on your device.</p>
        </div>
        {mine.is === "read" && mine.visits.length > 0 ? (
          <div className="flex flex-wrap gap-3 max-sm:w-full">
            <Button variant="outline" size="calm" className="max-sm:w-full" onClick={() => setDoing("share")}>
              <UserRoundPlus aria-hidden="true" />
              Share with another doctor
            </Button>
            <Button variant="outline" size="calm" className="max-sm:w-full" onClick={() => setDoing("download")}>
              <Download aria-hidden="true" />
              Download everything
            </Button>
          </div>
        ) : null}
      </div>
      {mine.is === "reading" ? (
        <Loading label="Opening your records" slow="Still waiting for the practice’s server." className="mt-6" />
      ) : mine.is === "failed" && mine.fault instanceof RolledBack ? (
        <OlderVersion
          calm
          what="your list of visits"
          className="mt-6"
          onUse={() => void takeOlderFolder().finally(reload)}
        />
      ) : mine.is === "failed" ? (
        <Alert calm tone="warning" className="mt-6" title="We couldn’t read it just now">
          <p>{wordsFor(mine.fault)} Nothing of it is lost.</p>
          <Button variant="outline" size="calm" className="mt-3" onClick={reload}>
            Try again
          </Button>
        </Alert>
      ) : (
        <Read mine={mine} onChanged={reload} onCertificate={showCertificate} />
      )}
    </PatientFrame>
  );
}

const ShareForm = dynamic(() => import("./share-form.tsx").then((file) => file.ShareForm), {
  ssr: false,
  loading: () => <Loading label="Opening" />,
});

const DownloadForm = dynamic(() => import("./download-form.tsx").then((file) => file.DownloadForm), {
  ssr: false,
  loading: () => <Loading label="Opening" />,
});
const CertificateScreen = dynamic(() => import("./certificate-screen.tsx").then((file) => file.CertificateScreen), {
  ssr: false,
  loading: () => <Loading label="Opening" />,
});

const tabs = {
  looked: "Who looked",
  visits: "Visits",
  prescriptions: "Prescriptions",
  files: "Files",
  permissions: "Permissions",
} as const;
type TabName = keyof typeof tabs;

function Read({
  mine,
  onChanged,
  onCertificate,
}: {
  mine: Extract<Mine, { is: "read" }>;
  onChanged: () => void;
  onCertificate: (certificate: Certificate) => void;
}) {
  const [tab, setTab] = useState<TabName>("looked");
  const { visits, missing } = mine;
  const { shares, reload } = useShares(visits);
  const shared = shares.map((one) => <ShareCard key={one.share.id} {...one} onChanged={reload} />);
  const inForce = visits.filter(({ join }) => join.consent && isInForce(join.consent));
  if (visits.length === 0 && missing === 0) {
    return (
      <Empty icon={<CalendarDays aria-hidden="true" />} title="No visits yet" className="mt-6 rounded-2xl">
        Your first visit appears here as soon as you opened its link on this device.
      </Empty>
    );
  }
  return (
    <>
      {missing > 0 ? (
        <Alert calm tone="warning" className="mt-6" title={`${counted(missing, "visit", "visits")} couldn’t be read`}>
          <p>The practice’s server didn’t give it just now, or its records were erased. The others are below.</p>
          <Button variant="outline" size="calm" className="mt-3" onClick={onChanged}>
            Try again
          </Button>
        </Alert>
      ) : null}
      <Tabs value={tab} onValueChange={(value) => setTab(value as TabName)} className="mt-5">
        <TabList aria-label="My records" className="flex auto-cols-auto overflow-x-auto max-sm:-mr-[min(1rem,4vw)]">
          {Object.entries(tabs).map(([name, words]) => (
            <Tab
              key={name}
              value={name}
              className="px-[min(1rem,4vw)] text-calm-small whitespace-nowrap focus-visible:-outline-offset-2"
            >
              {words}
            </Tab>
          ))}
        </TabList>
        <TabPanel value="looked" className="overflow-visible pt-6">
          <div className="grid grid-cols-[minmax(0,1fr)] gap-6 lg:grid-cols-[1.45fr_1fr] lg:items-start">
            <WhoLooked visits={visits} missing={missing} />
            <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
              {inForce.map((visit) => (
                <PermissionCard key={visit.join.id} visit={visit} onChanged={onChanged} />
              ))}
              {shared.filter((_, at) => shares[at]?.share.consent.state === "live")}
              {inForce.length === 0 ? (
                <Card calm>
                  <h2 className="text-lead font-semibold">No permission in force</h2>
                  <p className="text-calm-small text-muted-foreground">Nobody may record anything new now.</p>
                </Card>
              ) : null}
              <KeyWays owner={PATIENT} name={`My records at ${visits[0]?.join.clinic ?? "the practice"}`} />
              <KitCard />
            </div>
          </div>
        </TabPanel>
        <TabPanel value="visits" className="overflow-visible pt-6">
          <Visits visits={visits} onChanged={onChanged} onCertificate={onCertificate} />
        </TabPanel>
        <TabPanel value="prescriptions" className="overflow-visible pt-6">
          <div className="grid grid-cols-[minmax(0,1fr)] gap-6 lg:grid-cols-[1.45fr_1fr] lg:items-start">
            <Things
              visits={visits}
              kind="prescription"
              icon={<Pill aria-hidden="true" />}
              none="No prescriptions yet"
            />
            <BackgroundCard kept={mine.folder.background} />
          </div>
        </TabPanel>
        <TabPanel value="files" className="overflow-visible pt-6">
          <Things visits={visits} kind="file-share" icon={<FileText aria-hidden="true" />} none="No files yet" />
        </TabPanel>
        <TabPanel value="permissions" className="overflow-visible pt-6">
          <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
            {shared}
            <Permissions visits={visits} onChanged={onChanged} />
          </div>
        </TabPanel>
      </Tabs>
    </>
  );
}
