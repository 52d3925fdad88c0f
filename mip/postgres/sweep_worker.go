package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"

	"github.com/openmip/openmip/mip"
)

// sweepArgs names the one job of an account that never ends: it asks for
// tracking in batches, and makes jobs anew that were lost.
type sweepArgs struct {
	Account string `json:"account"`
}

// Kind implements River's JobArgs.
func (sweepArgs) Kind() string { return "openmip_sweep" }

type sweepWorker struct {
	river.WorkerDefaults[sweepArgs]
	r *runner
}

const (
	sweepEvery = 15 * time.Second // at the latest
	overdue    = time.Minute      // when an effect without a job is missed
)

// Work implements River's worker: one batch, then it snoozes until the next is
// due.
func (e *sweepWorker) Work(ctx context.Context, job *river.Job[sweepArgs]) error {
	s, w := e.r.s, e.r.w
	if job.Args.Account != s.account {
		return nil
	}
	at := w.Now()
	if err := s.mend(ctx, at.Add(-overdue)); err != nil {
		return err
	}
	leases, err := s.Lease(ctx, at, at.Add(w.Timing.Lease), w.Timing.TrackBatch, mip.EffectTrack)
	if err != nil {
		return err
	}
	var all []error
	for i, again := range w.Perform(ctx, leases) {
		all = append(all, s.finish(ctx, leases[i], again))
	}
	if err := errors.Join(all...); err != nil {
		return err
	}
	if len(leases) > 0 {
		return river.JobSnooze(0)
	}
	due, ok, err := s.NextDue(ctx, mip.EffectTrack)
	if err != nil {
		return err
	}
	wait := min(sweepEvery, w.Timing.Track/4)
	if ok {
		wait = min(wait, max(due.Sub(w.Now()), 100*time.Millisecond))
	}
	return river.JobSnooze(wait)
}

// mend makes the jobs of effects that have none although they are due since
// before: deleted or cancelled by a person, or restored from a back-up.
func (s *Store) mend(ctx context.Context, before time.Time) error {
	kinds, queues, priorities := named(nil), []string{}, []int32{}
	for _, k := range mip.EffectKinds() {
		queues = append(queues, s.queueOf(k, ""))
		priorities = append(priorities, priority(k))
	}
	_, err := s.pool.Exec(ctx, s.in(`WITH w AS (SELECT * FROM unnest($3::text[], $4::text[], $5::int[]) AS w (kind, queue, priority)),
		todo AS (SELECT e.account, o.channel, o.id, e.kind, e.attempt, e.due, e.seq,
				w.queue || CASE WHEN e.kind = $6 THEN o.channel ELSE '' END AS queue, w.priority
			FROM $.effects e JOIN $.orders o ON o.key = e.order_key JOIN w ON w.kind = e.kind
			WHERE e.account = $1 AND e.kind <> $7 AND e.due < $2 AND (e.token = 0 OR e.until < $2)
			AND NOT EXISTS (SELECT FROM $.river_job j WHERE `+sameJob+`)
			LIMIT 1000)
		`+insertJobs), s.account, nanos(before), kinds, queues, priorities, string(mip.EffectReport), string(mip.EffectTrack))
	if err != nil {
		return written("postgres: mend", mip.Ref{}, err)
	}
	return nil
}
