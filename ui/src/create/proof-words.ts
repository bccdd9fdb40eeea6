import type { Proof, SafePlace } from "$lib/bindings";
import type { Message } from "$lib/errors";
import { m } from "$lib/paraglide/messages";
import { refusalWords } from "../token/check-words";

type About = { name: string; selfGenerated: boolean; trying: boolean; place: SafePlace };
type Words = {
  pending: () => Message;
  done: (address: string) => Message;
  failed: () => Message;
  skipped: () => Message;
};

export function proofWords(step: Proof["step"], proof: Proof | null, about: About): Message {
  const words = wordsOf(step, about);
  if (!proof) return words.pending();
  if (proof.state === "done") return words.done(proof.detail["address"] ?? m.proof_not_on_list());
  if (proof.state === "notApplicable") return words.skipped();
  const failed = words.failed();
  if (step === "turnedAway" && proof.detail["code"] === "ok")
    return { title: m.proof_stranger_title(), text: m.proof_stranger_let_in() };
  return { title: failed.title, text: failed.text || refusalWords(proof.detail["code"] ?? "") };
}

function wordsOf(step: Proof["step"], { name, selfGenerated, trying, place }: About): Words {
  const plain = (title: string, text = ""): Message => ({ title, text });
  const waiting = trying ? "" : m.proof_waiting();
  const keptIn: Record<SafePlace, Message> = {
    file: plain(
      m.proof_kept_in_file(),
      selfGenerated ? m.proof_kept_in_file_self() : m.proof_kept_in_file_system(),
    ),
    keyring: plain(
      m.proof_kept(),
      selfGenerated ? m.proof_kept_self({ name }) : m.proof_kept_system({ name }),
    ),
  };
  const all: Record<Proof["step"], Words> = {
    kept: {
      pending: () => plain(m.proof_kept_failed()),
      done: () => keptIn[place],
      failed: () => plain(m.proof_kept_failed(), m.proof_kept_failed_text()),
      skipped: () => plain(keptIn[place].title),
    },
    made: {
      pending: () => plain(m.proof_made()),
      done: () => plain(m.proof_made(), m.proof_made_text()),
      failed: () => plain(m.proof_made(), m.proof_made_differs()),
      skipped: () => plain(m.proof_made()),
    },
    answered: {
      pending: () => plain(m.proof_answered_pending(), waiting),
      done: (address) => plain(m.proof_answered(), m.proof_answered_text({ address })),
      failed: () => plain(m.proof_answered_failed()),
      skipped: () => plain(m.proof_answered()),
    },
    turnedAway: {
      pending: () => plain(m.proof_turned_away_pending(), waiting),
      done: (address) => plain(m.proof_turned_away(), m.proof_turned_away_text({ address })),
      failed: () => plain(m.proof_turned_away_failed()),
      skipped: () => plain(m.proof_turned_away_any(), m.proof_turned_away_any_text()),
    },
  };
  return all[step];
}
