// Package sqlite keeps orders in one SQLite file: the [mip.Store] and
// [mip.Queue] for a program that runs as one process.
//
// A change is on disk when Apply returns (write-ahead log, full sync), the
// order, its history and its effects in one transaction. A process that is
// killed at any point leaves a file that opens again and goes on where it
// was; effects under lease are free again. Writers that come at the same time
// share one commit, and each returns when it is on disk; one who comes alone
// waits for nobody.
//
// # One process
//
// A file belongs to one [Store] at a time. [Open] takes a lock on
// "<path>.lock", with the operating system's file locks as SQLite itself uses
// them, on every platform SQLite runs on; a second Open, in this process or
// another, is [mip.ErrConflict] at once. The lock ends with the process, also
// a killed one; the empty file stays and must not be deleted while a Store is
// open. Symbolic links are followed, so that two names share one lock; hard
// links are not seen. Use a local disk: file locks and shared memory do not
// work over network file systems. Other programs may read the file meanwhile,
// through SQLite; to copy it, close the Store or use "VACUUM INTO".
//
// # Contexts
//
// A write that has not begun when its context ends is [mip.ErrUnavailable],
// and nothing was done. One that has begun is finished whatever the context
// does, so that nobody needs to guess.
//
// # Errors
//
// [mip.ErrUnavailable] means that nothing was done; [mip.ErrUnknown] that the
// disk failed during a commit, after which the state must be read again;
// [mip.ErrContract] that the file is damaged, foreign or of a newer version.
//
// # Personal data
//
// It is in the column "body" of the tables orders and raws, and nowhere else:
// history, effects and reservations hold references only. Freed space is
// overwritten with zeros, and after [mip.EventErased] the write-ahead log is
// emptied as well. The files are created for their owner only (0600); disk
// encryption and back-ups are the operator's.
package sqlite
