package postgres

import (
	"context"
	"fmt"
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
	kinds, queues, priorities := []string{}, []string{}, []int32{}
	for _, k := range mip.EffectKinds() {
		if k == mip.EffectTrack { // it has no jobs
			continue
		}
		kinds = append(kinds, string(k))
		queues = append(queues, s.queueOf(k, ""))
		priorities = append(priorities, priority(k))
	}
	args := pgx.NamedArgs{"account": s.account, "ended": nanos(at.Add(-grace)), "before": nanos(at.Add(-overdue)), "kinds": kinds,
		"queues": queues, "priorities": priorities, "report": string(mip.EffectReport)}
	_, err := s.pool.Exec(ctx, s.in(`WITH w AS (SELECT * FROM unnest(@kinds::text[], @queues::text[], @priorities::int[]) AS w (kind, queue, priority)),
		lost AS (UPDATE $.effects SET seq = seq + 1, token = 0
			WHERE account = @account AND kind = ANY (@kinds) AND due < @ended AND token <> 0 AND until < @ended
			RETURNING order_key, account, kind, attempt, due, seq),
		missed AS (SELECT order_key, account, kind, attempt, due, seq FROM $.effects
			WHERE account = @account AND kind = ANY (@kinds) AND due < @before AND token = 0),
		todo AS (SELECT e.*, o.channel, o.id, `+jobKey("e.order_key", "e.seq", "e.attempt", "e.kind")+` AS job
			FROM (TABLE lost UNION ALL TABLE missed) e JOIN $.orders o ON o.key = e.order_key)
		INSERT INTO $.river_job (`+jobColumns+`)
		SELECT jsonb_build_object('account', t.account, 'channel', t.channel, 'id', t.id, 'kind', t.kind, 'attempt', t.attempt, 'seq', t.seq),
			'openmip_effect', `+fmt.Sprint(mostTries)+`, w.priority, w.queue || CASE WHEN t.kind = @report THEN t.channel ELSE '' END,
			now(), 'available', t.job, B'11110001'
		FROM todo t JOIN w USING (kind)
		WHERE NOT EXISTS (SELECT FROM $.river_job j WHERE j.unique_key = t.job AND j.unique_states IS NOT NULL
			AND $.river_job_state_in_bitmask(j.unique_states, j.state)) `+sameJobOnce), args)
	if err != nil {
		return written("postgres: mend", mip.Ref{}, err)
	}
	return nil
}
