package postgres

import (
	"context"
	"time"

	"github.com/openmip/openmip/mip"
)

// duty calls f again and again, with a wait between two calls, while this
// process holds the duty of that name; one process holds it at a time. It is
// kept by a row that runs out, not by a session's lock: the session of a
// process that froze lives on, and would keep everybody else away.
func (r *runner) duty(ctx context.Context, name string, every time.Duration, f func(ctx context.Context)) {
	term := min(max(2*every, 4*time.Second), 2*time.Minute)
	for ctx.Err() == nil {
		mine, err := r.s.take(ctx, name, r.holder, max(term, every+4*time.Second))
		if err != nil {
			r.complain(ctx, err)
		}
		if mine {
			r.hold(ctx, name, term, f)
		}
		sleep(ctx, every)
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_ = r.s.leave(end, name, r.holder) // it runs out by itself
}

// hold calls f and keeps the duty meanwhile; f is stopped if it is lost.
func (r *runner) hold(ctx context.Context, name string, term time.Duration, f func(ctx context.Context)) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for sleep(ctx, term/3); ctx.Err() == nil; sleep(ctx, term/3) {
			if mine, err := r.s.take(ctx, name, r.holder, term); err == nil && !mine {
				cancel()
			}
		}
	}()
	f(ctx)
	cancel()
	<-done
}

// take takes or keeps a duty for a term, by the database's clock, and reports
// whether it is the holder's.
func (s *Store) take(ctx context.Context, name, holder string, term time.Duration) (bool, error) {
	tag, err := s.pool.Exec(ctx, s.in(`INSERT INTO $.duties AS d (account, name, holder, until)
		VALUES ($1, $2, $3, clock_timestamp() + $4 * interval '1 microsecond')
		ON CONFLICT (account, name) DO UPDATE SET holder = excluded.holder, until = excluded.until
		WHERE d.holder = excluded.holder OR d.until < clock_timestamp()`), s.account, name, holder, term.Microseconds())
	if err != nil {
		return false, failure("postgres: take a duty", mip.Ref{}, err)
	}
	return tag.RowsAffected() == 1, nil
}

// leave gives a duty up.
func (s *Store) leave(ctx context.Context, name, holder string) error {
	_, err := s.pool.Exec(ctx, s.in("DELETE FROM $.duties WHERE account = $1 AND name = $2 AND holder = $3"), s.account, name, holder)
	return err
}
