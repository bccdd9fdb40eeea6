import type { ErrorCode } from "$lib/bindings";
import { m } from "$lib/paraglide/messages";

/** What happened (`title`), then why and what to do now (`text`). */
export type Message = { title: string; text: string };
export type ErrorParams = { detail: string; path: string; problem: string };

/** What is wrong with a folder or file of ours: the words of `desk::Unsafe`. */
const unsafeProblems: Partial<Record<string, () => string>> = {
  "foreign-owner": () => m.unsafe_foreign_owner(),
  "not-a-directory": () => m.unsafe_not_a_directory(),
  "not-a-file": () => m.unsafe_not_a_file(),
  "others-can-write": () => m.unsafe_others_can_write(),
  "symbolic-link": () => m.unsafe_symbolic_link(),
};

/**
 * The words for every code that a command can fail with. The record is exhaustive: a code that Rust adds and
 * this list lacks fails the type check.
 */
export const errorMessages: Record<ErrorCode, (p: ErrorParams) => Message> = {
  internal: () => ({ title: m.error_internal_title(), text: m.error_internal_text() }),
  "already-running": () => ({ title: m.error_already_running_title(), text: m.error_already_running_text() }),
  "data-dir-unwritable": () => ({
    title: m.error_data_dir_unwritable_title(),
    text: m.error_data_dir_unwritable_text(),
  }),
  "disk-full": () => ({ title: m.error_disk_full_title(), text: m.error_disk_full_text() }),
  "file-exists": () => ({ title: m.error_file_exists_title(), text: m.error_file_exists_text() }),
  "file-not-of-token": () => ({
    title: m.error_file_not_of_token_title(),
    text: m.error_file_not_of_token_text(),
  }),
  "file-unreadable": () => ({ title: m.error_file_unreadable_title(), text: m.error_file_unreadable_text() }),
  "not-proven": () => ({ title: m.error_not_proven_title(), text: m.error_not_proven_text() }),
  "file-unwritable": () => ({ title: m.error_file_unwritable_title(), text: m.error_file_unwritable_text() }),
  "database-damaged": () => ({
    title: m.error_database_damaged_title(),
    text: m.error_database_damaged_text(),
  }),
  "database-newer": () => ({ title: m.error_database_newer_title(), text: m.error_database_newer_text() }),
  "keyring-missing": () => ({ title: m.error_keyring_missing_title(), text: m.error_keyring_missing_text() }),
  "keyring-locked": () => ({ title: m.error_keyring_locked_title(), text: m.error_keyring_locked_text() }),
  "keyring-failed": () => ({ title: m.error_keyring_failed_title(), text: m.error_keyring_failed_text() }),
  "keyring-not-kept": () => ({
    title: m.error_keyring_not_kept_title(),
    text: m.error_keyring_not_kept_text(),
  }),
  "keyring-timeout": () => ({ title: m.error_keyring_timeout_title(), text: m.error_keyring_timeout_text() }),
  "passphrase-too-short": () => ({
    title: m.error_passphrase_too_short_title(),
    text: m.error_passphrase_too_short_text(),
  }),
  "passphrase-wrong": () => ({
    title: m.error_passphrase_wrong_title(),
    text: m.error_passphrase_wrong_text(),
  }),
  "secrets-file-closed": () => ({
    title: m.error_secrets_file_closed_title(),
    text: m.error_secrets_file_closed_text(),
  }),
  "secrets-file-damaged": () => ({
    title: m.error_secrets_file_damaged_title(),
    text: m.error_secrets_file_damaged_text(),
  }),
  "secrets-file-failed": () => ({
    title: m.error_secrets_file_failed_title(),
    text: m.error_secrets_file_failed_text(),
  }),
  "secrets-file-unsafe": () => ({
    title: m.error_secrets_file_unsafe_title(),
    text: m.error_secrets_file_unsafe_text(),
  }),
  "backup-failed": () => ({ title: m.error_backup_failed_title(), text: m.error_backup_failed_text() }),
  "data-dir-unsafe": (p) => ({
    title: m.error_data_dir_unsafe_title(),
    text: m.error_data_dir_unsafe_text({ path: p.path, problem: unsafeProblems[p.problem]?.() ?? "" }),
  }),
  "secret-too-large": () => ({
    title: m.error_secret_too_large_title(),
    text: m.error_secret_too_large_text(),
  }),
  "practice-unavailable": () => ({
    title: m.error_practice_unavailable_title(),
    text: m.error_practice_unavailable_text(),
  }),
  "practice-damaged": () => ({
    title: m.error_practice_damaged_title(),
    text: m.error_practice_damaged_text(),
  }),
  "practice-in-use": () => ({ title: m.error_practice_in_use_title(), text: m.error_practice_in_use_text() }),
  "practice-key-lost": () => ({
    title: m.error_practice_key_lost_title(),
    text: m.error_practice_key_lost_text(),
  }),
  "service-unreachable": () => ({
    title: m.error_service_unreachable_title(),
    text: m.error_service_unreachable_text(),
  }),
  "service-no-answer": () => ({
    title: m.error_service_no_answer_title(),
    text: m.error_service_no_answer_text(),
  }),
  "service-error": () => ({ title: m.error_service_error_title(), text: m.error_service_error_text() }),
  "service-answer-invalid": () => ({
    title: m.error_service_answer_invalid_title(),
    text: m.error_service_answer_invalid_text(),
  }),
  "session-invalid": () => ({ title: m.error_session_invalid_title(), text: m.error_session_invalid_text() }),
  "otp-required": () => ({ title: m.error_otp_required_title(), text: m.error_otp_required_text() }),
  "otp-format": () => ({ title: m.error_otp_format_title(), text: m.error_otp_format_text() }),
  "otp-invalid": () => ({ title: m.error_otp_invalid_title(), text: m.error_otp_invalid_text() }),
  "otp-reused": () => ({ title: m.error_otp_reused_title(), text: m.error_otp_reused_text() }),
  "otp-locked": () => ({ title: m.error_otp_locked_title(), text: m.error_otp_locked_text() }),
  "otp-exhausted": () => ({ title: m.error_otp_exhausted_title(), text: m.error_otp_exhausted_text() }),
  "record-invalid": (p) => ({ title: m.error_record_invalid_title(), text: m.error_record_invalid_text(p) }),
  "draft-incomplete": () => ({
    title: m.error_draft_incomplete_title(),
    text: m.error_draft_incomplete_text(),
  }),
  "destination-unavailable": () => ({
    title: m.error_destination_unavailable_title(),
    text: m.error_destination_unavailable_text(),
  }),
  "key-not-ready": () => ({ title: m.error_key_not_ready_title(), text: m.error_key_not_ready_text() }),
  "key-failed": () => ({ title: m.error_key_failed_title(), text: m.error_key_failed_text() }),
  "token-unknown": () => ({ title: m.error_token_unknown_title(), text: m.error_token_unknown_text() }),
  "secret-found": () => ({ title: m.error_secret_found_title(), text: m.error_secret_found_text() }),
  "keys-in-keyring": () => ({ title: m.error_keys_in_keyring_title(), text: m.error_keys_in_keyring_text() }),
  "secret-gone": () => ({ title: m.error_secret_gone_title(), text: m.error_secret_gone_text() }),
  "clipboard-failed": () => ({
    title: m.error_clipboard_failed_title(),
    text: m.error_clipboard_failed_text(),
  }),
  "creation-unfinished": () => ({
    title: m.error_creation_unfinished_title(),
    text: m.error_creation_unfinished_text(),
  }),
};
