package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/openmip/openmip/mip"
)

const (
	sweepEvery = 15 * time.Second // at the latest
	overdue    = time.Minute      // when an effect without a job is missed
	grace      = time.Second      // for a worker that is just finishing
)

// sweep asks for tracking in batches until nothing is due, and makes anew the
// jobs of effects that have none. One process of the account does it at a time.
func (r *runner) sweep(ctx context.Context) {
	for ctx.Err() == nil {
		at := r.w.Now()
		if err := r.s.mend(ctx, at); err != nil {
			r.complain(ctx, err)
			return
		}
		leases, err := r.s.Lease(ctx, at, at.Add(r.w.Timing.Lease), r.w.Timing.TrackBatch, mip.EffectTrack)
		if err != nil {
			r.complain(ctx, err)
			return
		}
		if len(leases) == 0 {
			return
		}
		for i, again := range r.w.Perform(ctx, leases) {
			if err := r.s.finish(ctx, leases[i], again); err != nil {
				r.complain(ctx, err)
			}
		}
	}
}

// mend makes jobs anew: at once where a worker lost its lease, because it died
// or froze, and after a while where a job was deleted or cancelled by a person,
// or lost with a back-up. An effect whose lease ended takes a new number, so
// that what is left of its old job is outdated.
func (s *Store) mend(ctx context.Context, at time.Time) error {
	kinds, queues, priorities := named(nil), []string{}, []int32{}
	for _, k := range mip.EffectKinds() {
		queues = append(queues, s.queueOf(k, ""))
		priorities = append(priorities, priority(k))
	}
	args := pgx.NamedArgs{"account": s.account, "ended": nanos(at.Add(-grace)), "before": nanos(at.Add(-overdue)), "kinds": kinds,
		"queues": queues, "priorities": priorities, "report": string(mip.EffectReport), "track": string(mip.EffectTrack)}
	_, err := s.pool.Exec(ctx, s.in(`WITH w AS (SELECT * FROM unnest(@kinds::text[], @queues::text[], @priorities::int[]) AS w (kind, queue, priority)),
		lost AS (UPDATE $.effects SET seq = nextval('$.numbers'), token = 0
			WHERE account = @account AND kind <> @track AND token <> 0 AND until < @ended
			RETURNING order_key, account, kind, attempt, due, seq),
		missed AS (SELECT order_key, account, kind, attempt, due, seq FROM $.effects
			WHERE account = @account AND kind <> @track AND token = 0 AND due < @before),
		todo AS (SELECT e.account, o.channel, o.id, e.kind, e.attempt, e.due, e.seq,
				w.queue || CASE WHEN e.kind = @report THEN o.channel ELSE '' END AS queue, w.priority
			FROM (TABLE lost UNION ALL TABLE missed) e JOIN $.orders o ON o.key = e.order_key JOIN w ON w.kind = e.kind
			WHERE NOT EXISTS (SELECT FROM $.river_job j WHERE `+sameJob+`))
		`+insertJobs), args)
	if err != nil {
		return written("postgres: mend", mip.Ref{}, err)
	}
	return nil
}
