/** How loud a microphone is, from 0 to 1, ten times a second and only while someone listens. */
export function levelOf(track: () => MediaStreamTrack | null, signal: AbortSignal) {
  const listeners = new Set<() => void>();
  let level = 0;
  let meter: { stop: () => void } | undefined;

  const start = () => {
    const of = track();
    if (!of || meter || signal.aborted) return;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 1024;
    const source = context.createMediaStreamSource(new MediaStream([of]));
    source.connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const timer = setInterval(() => {
      void context.resume().catch(() => {});
      analyser.getFloatTimeDomainData(samples);
      let sum = 0;
      for (const sample of samples) sum += sample * sample;
      // -60 dB and less is silence, 0 dB is 1.
      const decibels = 10 * Math.log10(sum / samples.length + 1e-12);
      level = Math.min(1, Math.max(0, (decibels + 60) / 60));
      for (const listener of [...listeners]) listener();
    }, 100);
    meter = {
      stop: () => {
        clearInterval(timer);
        source.disconnect();
        void context.close().catch(() => {});
      },
    };
  };
  const stop = () => {
    meter?.stop();
    meter = undefined;
    level = 0;
  };
  signal.addEventListener("abort", () => {
    stop();
    listeners.clear();
  });
  return {
    subscribe(listener: () => void) {
      listeners.add(listener);
      start();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stop();
      };
    },
    getSnapshot: () => level,
    /** Another microphone, or none. */
    changed() {
      stop();
      if (listeners.size > 0) start();
    },
  };
}
