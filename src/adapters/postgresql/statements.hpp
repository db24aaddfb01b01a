#pragma once

#include <string>

namespace sluice::adapters::postgresql {

/// The texts of the statements whose columns come from packing/fields.hpp, made once. Parameters are in the order of
/// the columns; what else they take is said.
struct Statements {
  static const Statements& get();

  std::string put_job;      ///< then the host, for a job that is new
  std::string put_hold;     ///< then the job
  std::string add_counts;   ///< the counts, requests, other_starts; then the job
  std::string zero_counts;  ///< the job
  std::string put_batch;
  std::string put_doubt;

  std::string open_jobs;          ///< the host
  std::string jobs_elsewhere;     ///< the host; the last column is each one's
  std::string take_jobs;          ///< the new host, the old one; returns the jobs
  std::string jobs_among;         ///< the host, numbers of jobs: those that are its
  std::string job;                ///< the job
  std::string jobs_with_content;  ///< content_hash, since
  std::string jobs_before;        ///< before, limit
  std::string ended_jobs;         ///< limit
  std::string jobs_ended;         ///< state, since, before
  std::string batches;            ///< job, planned, after, limit
  std::string answers;            ///< job, shelf, id: those behind it; limit
  std::string doubts;             ///< since
  std::string history;            ///< after, limit
  std::string history_of_job;     ///< after, limit, job
  std::string history_pieces;     ///< ids
  std::string placed;             ///< after, limit
};

}  // namespace sluice::adapters::postgresql
