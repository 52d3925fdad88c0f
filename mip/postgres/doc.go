// Package postgres keeps orders in PostgreSQL (15 or later) and runs their
// effects with River: a [mip.Store] for any number of processes on any number
// of machines.
//
//	cfg := postgres.Config{URL: os.Getenv("DATABASE_URL")}
//	err := postgres.Migrate(ctx, cfg) // once per release; safe to repeat
//	store, err := postgres.Open(ctx, cfg)
//	eng, err := engine.New(engine.Config{Store: store, …})
//	err = eng.Run(ctx) // in every process
//
// # What is where
//
// Everything is in one schema of the database, River's tables too, so that a
// River of the embedder's own is not disturbed. Several supplier accounts
// share it, each under its [Config.Account]; no method of a Store sees or
// changes anything of another account.
//
// The table effects is the truth about what has to be done: one row per order,
// kind and attempt, with a number that rises whenever a newer effect replaces
// the waiting one. In the same statement a River job is inserted which names
// the row and that number. A job that finds another number, or no row, is
// outdated and ends without doing anything; a job that is lost is made again.
// So River decides when and where something runs, and never whether. Job
// arguments hold references only.
//
// # Clocks
//
// When a lease ends, and how long ago a purchase left, is counted by the clocks
// of the processes. They have to agree to half a minute, as NTP has them do by
// far: one that is minutes ahead takes over what is still under way elsewhere.
// Duties and rate limits go by the database's clock.
//
// # Contexts
//
// A write that has not begun when its context ends is [mip.ErrUnavailable],
// and nothing was done. One that has begun is finished whatever the context
// does, for at most 30 s.
//
// # Errors
//
// [mip.ErrUnavailable] means that nothing was done; [mip.ErrUnknown] that the
// connection was lost during a write, which may have been committed: read
// again, then decide. Serialisation failures and deadlocks are retried inside.
// No error holds a statement, a value or a credential.
//
// # Personal data
//
// It is in the columns "body" and "raw" of the table orders, and nowhere else.
// What [mip.EventErased] removes is gone from every query at once, and from
// the files once the server has vacuumed the table and recycled its log;
// back-ups and replicas are the operator's.
package postgres
