"use client";

import { type CSSProperties, useState } from "react";
import { cn } from "@/components/ui/cn.ts";
import { NotHere } from "./not-here.tsx";
import { useShown } from "./use-shown.ts";

interface PictureProps {
  file: Blob;
  name: string;
  className: string;
  style: CSSProperties;
  /** `3024 × 4032`, once it is drawn. */
  onSize: (words: string) => void;
}

export function Picture({ file, name, className, style, onSize }: PictureProps) {
  const { url, why } = useShown(file);
  const [broken, setBroken] = useState<string>();
  if (why === "too-many-pixels")
    return <NotHere>This picture is too large to open here: it has more than 100 million pixels.</NotHere>;
  if (why || (url && broken === url))
    return <NotHere>This file is not the picture it says it is, or it is broken.</NotHere>;
  if (!url) return null;
  return (
    // biome-ignore lint/performance/noImgElement: a blob of this page, nothing to optimize
    <img
      src={url}
      alt={name}
      draggable={false}
      className={cn("max-w-none object-contain", className)}
      style={style}
      onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => onSize(`${naturalWidth} × ${naturalHeight}`)}
      onError={() => setBroken(url)}
    />
  );
}
