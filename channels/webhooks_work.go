package channels

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/openmip/openmip/mip"
)

const (
	batch  = 500              // messages looked at in one pass over a channel, beside those that wait for their next try
	glance = 30 * time.Second // how often messages of other processes are looked for
)

// Run works on what was stored, each channel by itself, until ctx ends, which
// is not an error. A message is tried again after a failure, later each time; a
// channel that is down, throttled or refuses its key is left alone meanwhile.
// What is not done when the process ends is done by the next one.
func (w *Webhooks) Run(ctx context.Context) error {
	w.polled.begin(w.now())
	var wg sync.WaitGroup
	for _, l := range w.lanes {
		wg.Go(func() {
			for ctx.Err() == nil {
				n, next, err := w.drain(ctx, l)
				if n == 0 || err != nil {
					wait(ctx, l.wake, next)
				}
			}
		})
	}
	wg.Go(func() {
		for ctx.Err() == nil {
			w.sweep(ctx)
			wait(ctx, nil, min(time.Minute, w.config.Grace))
		}
	})
	wg.Wait()
	return nil
}

// Drain makes one pass over everything that is due, and returns how many
// messages were handled. Failures of single orders go to the hooks; the error
// is the inbox's.
func (w *Webhooks) Drain(ctx context.Context) (int, error) {
	done := 0
	var errs []error
	for _, l := range w.lanes {
		for more := true; more; {
			n, next, err := w.drain(ctx, l)
			done += n
			errs = append(errs, err)
			more = next == 0 && err == nil && ctx.Err() == nil
		}
	}
	w.sweep(ctx)
	return done, errors.Join(errs...)
}

// sweep forgets old ids and tells which orders were found by polling only.
func (w *Webhooks) sweep(ctx context.Context) {
	now := w.now()
	if _, err := w.config.Inbox.Prune(ctx, now.Add(-w.config.Remember)); err != nil && ctx.Err() == nil {
		w.config.Logger.Warn("inbox not pruned", "error", err)
	}
	for _, ref := range w.polled.overdue(now.Add(-w.config.Grace)) {
		if l := w.lanes[ref.Channel]; l != nil {
			l.stats.add(func(s *WebhookStats) { s.OnlyPolled++ })
		}
		w.config.Logger.Warn("order found by polling only", "order", ref.String())
		if w.config.Hooks.OnlyPolled != nil {
			w.config.Hooks.OnlyPolled(ctx, ref)
		}
	}
}

// drain handles what is due of one channel, and says how long nothing will be:
// not at all if it has not seen all of it.
func (w *Webhooks) drain(ctx context.Context, l *lane) (done int, next time.Duration, err error) {
	select {
	case l.turn <- struct{}{}:
		defer func() { <-l.turn }()
	case <-ctx.Done():
		return 0, 0, nil
	}
	if rest := l.pause.Sub(w.now()); rest > 0 {
		return 0, min(rest, glance), nil
	}
	most := batch + len(l.due)
	messages, err := w.config.Inbox.Pending(ctx, l.Name(), most)
	if err != nil {
		return 0, glance, err
	}
	told := map[mip.Ref]error{} // fetched once, however many messages name it
	next = glance
	for _, m := range messages {
		if rest := l.due[m.ID].Sub(w.now()); rest > 0 {
			next = min(next, rest)
			continue
		}
		ok, err := w.handle(ctx, l, m, told)
		if err != nil || ctx.Err() != nil {
			return done, glance, err
		}
		if ok {
			done++
		}
		if rest := l.pause.Sub(w.now()); rest > 0 {
			return done, min(rest, glance), nil
		}
	}
	if len(messages) == most {
		return done, 0, nil
	}
	l.forget(messages)
	return done, next, nil
}

// forget drops what is known of messages that somebody else handled.
func (l *lane) forget(pending []mip.Message) {
	open := map[string]bool{}
	for _, m := range pending {
		open[m.ID] = true
	}
	for id := range l.due {
		if !open[id] {
			delete(l.due, id)
			delete(l.tries, id)
		}
	}
}

// handle brings one message to an end or puts it off. The error is the inbox's.
func (w *Webhooks) handle(ctx context.Context, l *lane, m mip.Message, told map[mip.Ref]error) (done bool, err error) {
	var failed error
	var which mip.Ref
	for _, ref := range m.Refs {
		if _, known := told[ref]; !known {
			told[ref] = w.fetch(ctx, l, ref)
		}
		if told[ref] != nil {
			failed, which = told[ref], ref
			if w.stop(l, ref, failed) {
				break
			}
		}
	}
	if ctx.Err() != nil {
		return false, nil // the process ends: no failure of the shop
	}
	if failed == nil {
		l.slips = 0
	} else if !w.spent(ctx, l, m, which, failed) {
		return false, nil
	}
	if err := w.config.Inbox.Handled(ctx, l.Name(), m.ID); err != nil {
		return false, err
	}
	delete(l.tries, m.ID)
	delete(l.due, m.ID)
	l.stats.add(func(s *WebhookStats) {
		if s.Handled++; failed != nil {
			s.Handled--
			s.GivenUp++
		}
	})
	return true, nil
}

// stop leaves the channel alone for a while if it is the channel that fails.
func (w *Webhooks) stop(l *lane, ref mip.Ref, err error) bool {
	if !mip.Repeatable(err) && !errors.Is(err, mip.ErrUnauthorized) {
		return false
	}
	l.slips++
	l.pause = w.now().Add(w.config.Retry.Delay(l.slips, ref.Channel, err))
	return true
}

// spent notes a failure of one of a message's orders and reports whether it was
// the last one.
func (w *Webhooks) spent(ctx context.Context, l *lane, m mip.Message, ref mip.Ref, err error) bool {
	l.tries[m.ID]++
	now := w.now()
	final := w.config.Retry.Spent(l.tries[m.ID], now.Sub(m.At))
	l.due[m.ID] = now.Add(w.config.Retry.Delay(l.tries[m.ID], m.ID, err))
	l.stats.add(func(s *WebhookStats) { s.Failed++ })
	w.config.Logger.Warn("order of a webhook not taken", "order", ref.String(), "topic", m.Topic, "final", final, "error", err)
	if w.config.Hooks.Failure != nil {
		w.config.Hooks.Failure(ctx, ref, err, final)
	}
	return final
}

// fetch asks the channel for one order and hands it over.
func (w *Webhooks) fetch(ctx context.Context, l *lane, ref mip.Ref) error {
	ctx, cancel := context.WithTimeout(context.WithValue(ctx, pushed{}, true), w.config.Call)
	defer cancel()
	facts, err := l.Order(ctx, ref.ID)
	switch {
	case errors.Is(err, mip.ErrNotFound) && w.config.Gone != nil:
		err = w.config.Gone(ctx, ref)
	case errors.Is(err, mip.ErrNotFound):
		w.config.Logger.Warn("webhook names an order that does not exist", "order", ref.String())
		return nil
	case err == nil && facts.Ref != ref:
		return &mip.Error{Op: "webhook", Ref: ref, Kind: mip.ErrContract, Err: errors.New("the channel gave another order")}
	case err == nil:
		err = w.config.Ingest(ctx, facts)
	}
	if errors.Is(err, mip.ErrIgnored) {
		return nil
	}
	return err
}

// wait ends after d, when woken, or with ctx.
func wait(ctx context.Context, wake <-chan struct{}, d time.Duration) {
	t := time.NewTimer(max(d, time.Millisecond))
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-wake:
	case <-t.C:
	}
}
