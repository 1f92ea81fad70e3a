/** Before each file of tests: its properties are drawn from `ASSENT_SEED`, so that a change is judged by what it changed. */
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env.ASSENT_SEED) });
