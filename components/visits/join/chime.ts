/** Three soft rising notes: the test sound, and the sound of being let in. Needs a tap on the page before, as browsers want. */
export async function chime(speaker = ""): Promise<void> {
  const context = new AudioContext();
  try {
    if (speaker !== "" && "setSinkId" in context) {
      await (context as AudioContext & { setSinkId(id: string): Promise<void> }).setSinkId(speaker).catch(() => {});
    }
    await context.resume();
    for (const [at, hertz] of [523.25, 659.25, 783.99].entries()) {
      const note = context.createOscillator();
      const loudness = context.createGain();
      const start = context.currentTime + at * 0.22;
      note.frequency.value = hertz;
      loudness.gain.setValueAtTime(0.0001, start);
      loudness.gain.exponentialRampToValueAtTime(0.25, start + 0.03);
      loudness.gain.exponentialRampToValueAtTime(0.0001, start + 0.5);
      note.connect(loudness).connect(context.destination);
      note.start(start);
      note.stop(start + 0.55);
    }
    await new Promise((resolve) => setTimeout(resolve, 1_100));
  } finally {
    await context.close().catch(() => {});
  }
}
