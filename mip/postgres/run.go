package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
)

var _ engine.Runner = (*Store)(nil)

// Run implements [engine.Runner]: it does the account's effects, polls its
// channels and looks at its purse until ctx ends, together with every other
// process that runs the same account. Then nothing more is begun, and the
// effects under way have Timing.Leave to end; what a call that is cut off
// brought is still recorded.
//
// # Effects
//
// Every kind has a queue of its own, and reports one per channel, so that
// checking never delays buying. Purchases, checks, settling, and reports of one
// channel go abreast in each process (Timing.Abreast), everything else one at a
// time; what keeps all processes together within the supplier's limits is
// [Store.Limiter].
//
// Tracking is the exception: one process per account sweeps up what is due and
// asks for Timing.TrackBatch orders in one call. A job per order would ask
// about each alone, and a thousand parcels would cost a thousand calls instead
// of twenty.
//
// # A process that dies, or freezes
//
// Its polling, its sweep and its purse are taken over by another within three
// of their intervals. An effect it worked on is done again once Timing.Lease
// is over, and one sweep later (15 s): nobody can know before that the first
// call has ended. A job that it had fetched and not begun is given up by River
// ten seconds after the lease would have ended, and at its next look (30 s). What a worker does after its lease is lost counts for
// nothing: the order has moved on, and its events are ignored.
//
// # Tuning of River
//
// River's leader, one of the processes, hands out what is due in more than 5 s.
// If it dies another takes over within some 15 s, and what was due waits as
// long.
//
// Jobs of a queue are fetched at most every 20 ms instead of 100 ms, which
// allows fifty times Timing.Abreast effects of each kind a second, far more
// than a supplier does, at the price of more, short queries under load.
// Announcements wake an idle process at once; the poll behind them, each
// second (Config.FetchEvery), costs one index look-up per queue. Finished jobs
// are kept for an hour. What an idle account costs, and how many fit into a
// database, is in SCALE.md beside this package.
func (s *Store) Run(ctx context.Context, w engine.Work) error {
	r := &runner{s: s, w: w, holder: rand.Text()}
	var wg sync.WaitGroup
	wg.Go(func() { r.river(ctx) })
	wg.Go(func() { r.duty(ctx, "sweep", min(sweepEvery, w.Timing.Track/4), r.sweep) })
	wg.Go(func() { r.duty(ctx, "purse", w.Timing.Purse, w.Recheck) })
	for _, ch := range w.Channels {
		wg.Go(func() { r.duty(ctx, "poll/"+ch, w.Every, func(ctx context.Context) { w.Poll(ctx, ch) }) })
	}
	wg.Wait()
	return nil
}

// runner is one Run.
type runner struct {
	s      *Store
	w      engine.Work
	holder string // names this Run among all
}

// river works jobs until ctx ends. A database that is not there at the start
// is waited for.
func (r *runner) river(ctx context.Context) {
	for ctx.Err() == nil {
		if err := r.serve(ctx); err != nil && ctx.Err() == nil {
			r.complain(ctx, err)
			sleep(ctx, r.w.Timing.Retry.First)
		}
	}
}

func (r *runner) serve(ctx context.Context) error {
	client, err := river.NewClient(riverpgxv5.New(r.s.pool), r.config())
	if err != nil {
		return err
	}
	lasting := context.WithoutCancel(ctx)
	if err := client.Start(lasting); err != nil {
		return err
	}
	<-ctx.Done()
	stop, cancel := context.WithTimeout(lasting, r.w.Timing.Leave+patience)
	defer cancel()
	return client.StopAndCancel(stop)
}

func (r *runner) config() *river.Config {
	workers := river.NewWorkers()
	river.AddWorker(workers, &effectWorker{r: r})
	queues := map[string]river.QueueConfig{}
	for _, k := range mip.EffectKinds() {
		if k != mip.EffectReport && k != mip.EffectTrack {
			queues[r.s.queueOf(k, "")] = river.QueueConfig{MaxWorkers: r.abreast(k)}
		}
	}
	for _, ch := range r.w.Channels {
		queues[r.s.queueOf(mip.EffectReport, ch)] = river.QueueConfig{MaxWorkers: r.abreast(mip.EffectReport)}
	}
	return &river.Config{
		ID: "openmip-" + r.holder, Schema: r.s.schema, Queues: queues, Workers: workers,
		Logger: slog.New(slog.DiscardHandler), ErrorHandler: r, RetryPolicy: r,
		FetchCooldown: 20 * time.Millisecond, FetchPollInterval: r.s.fetch, PollOnly: r.s.deaf,
		JobTimeout: r.w.Timing.Lease, RescueStuckJobsAfter: r.w.Timing.Lease + 10*time.Second,
		CompletedJobRetentionPeriod: time.Hour, CancelledJobRetentionPeriod: time.Hour, MaxAttempts: mostTries,
	}
}

// abreast is how many effects of a kind this process does at once.
func (r *runner) abreast(k mip.EffectKind) int {
	switch k {
	case mip.EffectSubmit, mip.EffectCheck, mip.EffectSettle, mip.EffectReport:
		return max(r.w.Timing.Abreast, 1)
	}
	return 1
}

// NextRetry implements River's retry policy for jobs that failed: the engine's
// own. An effect that failed is no failed job, it is snoozed.
func (r *runner) NextRetry(job *rivertype.JobRow) time.Time {
	return time.Now().Add(r.w.Timing.Retry.Delay(len(job.Errors)+1, fmt.Sprint(job.ID), nil))
}

// HandleError implements River's error handler.
func (r *runner) HandleError(ctx context.Context, _ *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	r.complain(ctx, err)
	return nil
}

// complain tells what the runner ran into, unless it is being stopped.
func (r *runner) complain(ctx context.Context, err error) {
	if ctx.Err() == nil {
		r.w.Failed(ctx, failure("postgres: run", mip.Ref{}, err))
	}
}

// HandlePanic implements River's error handler. The value is kept out: nobody
// knows what it holds.
func (r *runner) HandlePanic(ctx context.Context, job *rivertype.JobRow, _ any, _ string) *river.ErrorHandlerResult {
	r.w.Failed(ctx, &mip.Error{Op: "postgres: run", Kind: mip.ErrUnknown, Err: errors.New("a job panicked: " + job.Kind)})
	return nil
}

func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
