#pragma once

namespace sluice::app {

/// The journal's own socket, which takes messages with fields (systemd.io, Native Journal Protocol), while stderr is
/// the journal; -1 otherwise. libsystemd's sd_journal_send() speaks the same, but waits where the journal stalls.
/// Opened once for the process's life.
int journal_socket();

/// Whether stderr is the journal's stream ($JOURNAL_STREAM, systemd.exec(5)).
bool stderr_is_journal();

}  // namespace sluice::app
