import { expect, test } from "vitest";
import { EventQueue, Sfc32 } from "@orrery/simulator";

test("events fire by time, and in the order of their pushes at the same time", () => {
  const queue = new EventQueue(4);
  const random = new Sfc32(7, "times");
  const fired: [number, number][] = [];
  const pushed: [number, number][] = [];
  for (let i = 0; i < 5_000; i++) {
    const time = 1 + random.below(300); // many ties
    pushed.push([time, i]);
    queue.push(time, { fire: () => fired.push([queue.now, i]) });
  }
  while (queue.fireNext());
  expect(queue.live).toBe(0);
  expect(queue.length).toBe(0);
  expect(fired).toEqual(pushed.toSorted(([a, i], [b, j]) => a - b || i - j));
});

test("what a firing event pushes for now fires after everything pushed for now before it", () => {
  const queue = new EventQueue();
  const order: string[] = [];
  queue.push(5, { fire: () => (order.push("a"), queue.push(5, { fire: () => order.push("late") })) });
  queue.push(5, { fire: () => order.push("b") });
  while (queue.fireNext());
  expect(order).toEqual(["a", "b", "late"]);
});

test("random pushes, pops and cancels agree with a sorted list", () => {
  const queue = new EventQueue(4);
  const random = new Sfc32(3, "mix");
  const fired: number[] = [];
  const model: { time: number; id: number; handle: number }[] = [];
  const expected: number[] = [];
  for (let id = 0; id < 20_000; id++) {
    const what = random.below(10);
    if (what < 5) {
      const time = queue.now + random.below(50);
      model.push({ time, id, handle: queue.push(time, { fire: () => fired.push(id) }) });
    } else if (model.length > 0 && what < 7) {
      const [gone] = model.splice(random.below(model.length), 1);
      queue.cancel(gone!.handle);
    } else if (model.length > 0) {
      const first = model.reduce((a, b) => (b.time < a.time || (b.time === a.time && b.id < a.id) ? b : a));
      expect(queue.peekTime()).toBe(first.time);
      model.splice(model.indexOf(first), 1);
      expected.push(first.id);
      queue.fireNext();
    }
    expect(queue.live).toBe(model.length);
  }
  expect(fired).toEqual(expected);
});

test("daemon events fire but do not keep the queue alive", () => {
  const queue = new EventQueue();
  queue.push(10, { fire: () => undefined }, true);
  expect(queue.live).toBe(0);
  const handle = queue.push(20, { fire: () => undefined });
  expect(queue.live).toBe(1);
  queue.cancel(handle);
  expect(queue.live).toBe(0);
  expect(queue.peekTime()).toBe(10);
});
