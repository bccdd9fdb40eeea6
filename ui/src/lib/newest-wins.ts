type Work<I, O> = {
  run: (input: I) => Promise<O>;
  done: (output: O, input: I) => void;
  failed: (error: unknown) => void;
};

/**
 * Asks a question again and again while its input changes, and lets only the answer to the newest input through.
 * Quick changes in a row are asked once, `delay` milliseconds after the last of them.
 */
export class NewestWins<I, O> {
  #work: Work<I, O>;
  #delay: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waiting: { input: I } | undefined;
  #newest = 0;

  constructor(delay: number, work: Work<I, O>) {
    this.#delay = delay;
    this.#work = work;
  }

  ask(input: I): void {
    this.#waiting = { input };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#send(), this.#delay);
  }

  /** Asks at once and resolves when this answer, or a newer one, is there. */
  async askNow(input: I): Promise<void> {
    this.#waiting = { input };
    await this.#send();
  }

  /** Does not wait for the delay, if something is waiting. */
  async hurry(): Promise<void> {
    await this.#send();
  }

  async #send(): Promise<void> {
    clearTimeout(this.#timer);
    if (!this.#waiting) return;
    const { input } = this.#waiting;
    this.#waiting = undefined;
    const number = ++this.#newest;
    try {
      const output = await this.#work.run(input);
      if (number === this.#newest) this.#work.done(output, input);
    } catch (error) {
      if (number === this.#newest) this.#work.failed(error);
    }
  }
}
