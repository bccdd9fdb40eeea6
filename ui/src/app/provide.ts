import { Detection, provideDetection } from "../addresses/detection.svelte";
import { provideFrame } from "../frame/provide";
import { rows } from "./screens";

/** Everything that lives as long as the app. */
export function provideApp() {
  const frame = provideFrame();
  provideDetection(new Detection());
  for (const { provide } of rows) provide?.();
  return frame;
}
