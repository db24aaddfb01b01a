#pragma once

#include <postgresql/libpq-fe.h>

#include "sluice/base/error.hpp"

namespace sluice::adapters::postgresql {

// Every function of libpq that is called, without its PQ.
#define SLUICE_LIBPQ(USE)      \
  USE(clear)                   \
  USE(cmdTuples)               \
  USE(connectdbParams)         \
  USE(connectionNeedsPassword) \
  USE(connectionUsedPassword)  \
  USE(conninfoFree)            \
  USE(conninfoParse)           \
  USE(consumeInput)            \
  USE(enterPipelineMode)       \
  USE(errorMessage)            \
  USE(exitPipelineMode)        \
  USE(finish)                  \
  USE(flush)                   \
  USE(freemem)                 \
  USE(getisnull)               \
  USE(getlength)               \
  USE(getResult)               \
  USE(getvalue)                \
  USE(isBusy)                  \
  USE(notifies)                \
  USE(ntuples)                 \
  USE(parameterStatus)         \
  USE(pipelineSync)            \
  USE(resultErrorField)        \
  USE(resultErrorMessage)      \
  USE(resultStatus)            \
  USE(sendPrepare)             \
  USE(sendQuery)               \
  USE(sendQueryPrepared)       \
  USE(serverVersion)           \
  USE(setnonblocking)          \
  USE(setNoticeProcessor)      \
  USE(socket)                  \
  USE(status)                  \
  USE(transactionStatus)

/// libpq as it is called: libpq().getResult(connection). It is loaded where a database is named and not linked, since
/// it brings thirty libraries along, and most processes keep their ledger in a file.
struct Libpq {
// NOLINTNEXTLINE(bugprone-macro-parentheses): it declares
#define SLUICE_LIBPQ_MEMBER(function) decltype(&::PQ##function) function;
  SLUICE_LIBPQ(SLUICE_LIBPQ_MEMBER)
#undef SLUICE_LIBPQ_MEMBER
};

/// Loads it, once a process. Kind `config`: it isn't installed, or too old.
Result<void> load_libpq();

/// Only after load_libpq() succeeded, as it has wherever there are keywords_of() a server.
const Libpq& libpq();

}  // namespace sluice::adapters::postgresql
