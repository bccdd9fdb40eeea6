import { expect, test } from "vitest";
import { Places, type Place } from "../src/frame/places.svelte";

const form: Place = { screen: "create", sheet: "form" };
const result: Place = { screen: "create", sheet: "result" };
const list: Place = { screen: "tokens", opened: null };

test("a link leads to a screen as it was left", () => {
  const places = new Places();
  places.turn(result);
  places.visit(list);
  places.turn({ screen: "tokens", opened: "one" });
  places.visit(form);
  expect(places.current).toEqual(result);
  places.visit(list);
  expect(places.at("tokens")?.opened).toBe("one");
});

test("the link to the form leads out of a result, and the one to the tokens leaves open what is", () => {
  const places = new Places();
  places.turn(result);
  places.visit(form);
  expect(places.current).toEqual(form);
  places.go({ screen: "tokens", opened: "one" });
  places.visit(list);
  expect(places.at("tokens")?.opened).toBe("one");
});

test("coming again counts as a visit, and turning to something else there does not", () => {
  const places = new Places();
  places.visit(list);
  places.visit(list);
  places.turn({ screen: "tokens", opened: "one" });
  expect(places.visits).toBe(2);
});
