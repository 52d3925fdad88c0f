package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/openmip/openmip/mip"
)

// effectWorker does the effect that a job names.
type effectWorker struct {
	river.WorkerDefaults[jobArgs]
	r *runner
}

// Work implements River's worker.
func (e *effectWorker) Work(ctx context.Context, job *river.Job[jobArgs]) error {
	s, w := e.r.s, e.r.w
	at := w.Now()
	l, wait, err := s.claim(ctx, job.Args, at, at.Add(w.Timing.Lease))
	switch {
	case err != nil:
		return err
	case wait > 0:
		return river.JobSnooze(wait)
	case l.Token == 0:
		return nil
	}
	again := w.Perform(ctx, []mip.Lease{l})[0]
	if err := s.finish(ctx, l, again); err != nil {
		return err
	}
	if again.IsZero() {
		return nil
	}
	return river.JobSnooze(max(again.Sub(w.Now()), 0))
}

// held is the wait for an effect whose forerunner is being worked on.
const held = time.Second

// claim leases the effect that a job names. Without a lease and without a wait
// the job is outdated.
func (s *Store) claim(ctx context.Context, a jobArgs, now, until time.Time) (l mip.Lease, wait time.Duration, err error) {
	const op = "postgres: claim"
	const named = `e.order_key = (SELECT key FROM $.orders WHERE account = @account AND channel = @channel AND id = @id)
		AND e.kind = @kind AND e.attempt = @attempt AND e.seq = @seq`
	if a.Account != s.account {
		return l, 0, nil
	}
	args := pgx.NamedArgs{"account": s.account, "channel": a.Channel, "id": a.ID, "kind": string(a.Effect), "attempt": a.Attempt, "seq": a.Seq,
		"now": nanos(now), "until": nanos(until)}
	got, err := s.lease(ctx, op, `UPDATE $.effects e SET token = `+newToken+`, held = e.seq, until = @until FROM $.orders o
		WHERE o.key = e.order_key AND `+named+` AND e.due <= @now AND `+free+` RETURNING `+leaseColumns+`, `+unhurried, args)
	if err != nil {
		return l, 0, err
	}
	if len(got) == 1 {
		return got[0], 0, nil
	}
	var due int64
	var busy bool
	err = s.pool.QueryRow(ctx, s.in("SELECT e.due, NOT "+free+" FROM $.effects e WHERE "+named), args).Scan(&due, &busy)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return l, 0, nil
	case err != nil:
		return l, 0, failure(op, a.ref(), err)
	}
	wait = max(instant(due).Sub(now), time.Millisecond)
	if busy {
		wait = max(wait, held)
	}
	return l, wait, nil
}

// finish removes the lease or gives it back. A lost lease is somebody else's
// work by now. It is finished even when the caller is stopping.
func (s *Store) finish(ctx context.Context, l mip.Lease, again time.Time) error {
	ctx = context.WithoutCancel(ctx)
	var err error
	if again.IsZero() {
		err = s.Done(ctx, l)
	} else {
		err = s.Later(ctx, l, again)
	}
	if errors.Is(err, mip.ErrConflict) {
		return nil
	}
	return err
}
