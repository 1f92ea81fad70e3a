/** The picture a camera gives, once, as large as it can: as a photograph where the browser can take one, else a frame. */
export async function stillOf(camera: MediaStreamTrack): Promise<Blob> {
  return (await photographed(camera)) ?? (await frameOf(camera));
}

interface Photographs {
  ImageCapture: new (track: MediaStreamTrack) => { takePhoto(): Promise<Blob> };
}

async function photographed(camera: MediaStreamTrack): Promise<Blob | undefined> {
  if (!("ImageCapture" in window)) return undefined;
  try {
    const { ImageCapture } = window as unknown as Photographs;
    const photo = await new ImageCapture(camera).takePhoto();
    return photo.type === "image/jpeg" || photo.type === "image/png" ? photo : undefined;
  } catch {
    return undefined;
  }
}

async function frameOf(camera: MediaStreamTrack): Promise<Blob> {
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([camera]);
  try {
    await video.play();
    const canvas = document.createElement("canvas");
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext("2d")?.drawImage(video, 0, 0);
    const still = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.95));
    if (!still) throw new Error("no picture");
    return still;
  } finally {
    video.srcObject = null;
  }
}
