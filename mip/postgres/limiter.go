package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// Limiter returns the rate budgets that all processes of the account share for
// one remote account, under a name such as "bigbuy": together they make the
// calls that the plan grants, as [rest.Budgets] does for one process, and a
// refusal that one of them meets holds all of them back. All must give the
// same plan. The database's clock counts.
//
// A call costs one short statement, a call that has to wait two; no connection
// is held while it waits. A call whose process dies has used its turn.
// A database that does not answer lets nothing through: [mip.ErrUnavailable].
func (s *Store) Limiter(name string, plan map[string]rest.Budget) rest.Limiter {
	l := &limiter{s: s, name: name, plan: make(map[string]rest.Budget, len(plan))}
	for budget, b := range plan {
		if b.Margin == 0 {
			b.Margin = min(b.Per/100, time.Second)
		}
		l.plan[budget] = b
	}
	return l
}

type limiter struct {
	s    *Store
	name string
	plan map[string]rest.Budget
}

const opLimit = "postgres: rate limit"

// Wait implements [rest.Limiter].
func (l *limiter) Wait(ctx context.Context, budget string, within time.Duration) error {
	name, plan := l.budget(budget)
	for {
		if err := alive(ctx, opLimit, mip.Ref{}); err != nil {
			return err
		}
		wait, turn, taken, err := l.take(ctx, name, plan, within)
		switch {
		case err != nil:
			return failure(opLimit, mip.Ref{}, err)
		case !taken:
			return &mip.Error{Op: opLimit, Kind: mip.ErrThrottled, RetryAfter: wait, Err: errors.New("no call left in time")}
		case wait <= 0:
			return nil
		}
		if sleep(ctx, wait); ctx.Err() != nil {
			continue
		}
		var now int64
		if err := l.s.pool.QueryRow(ctx, l.s.in("SELECT refusals FROM $.budgets WHERE account = $1 AND name = $2"),
			l.s.account, name).Scan(&now); err != nil {
			return failure(opLimit, mip.Ref{}, err)
		}
		if now == turn {
			return nil
		}
		within -= wait // a refusal came meanwhile: ask again
	}
}

// budget returns the row and the plan of a budget.
func (l *limiter) budget(budget string) (string, rest.Budget) {
	plan, ok := l.plan[budget]
	if !ok {
		if plan, ok = l.plan[""]; ok {
			budget = ""
		}
	}
	return l.name + "/" + budget, plan
}

// now is the time by the database's clock in microseconds.
const now = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"

// take takes the next call that may leave in time. turn is void once the
// refusals of the budget are others.
func (l *limiter) take(ctx context.Context, name string, plan rest.Budget, within time.Duration) (wait time.Duration, turn int64, taken bool, err error) {
	args := pgx.NamedArgs{"account": l.s.account, "name": name, "calls": plan.Calls, "length": (plan.Per + plan.Margin).Microseconds(),
		"within": max(within, 0).Microseconds()}
	text := l.s.in(`WITH
		l AS MATERIALIZED (SELECT * FROM $.budgets WHERE account = @account AND name = @name FOR UPDATE),
		c AS MATERIALIZED (SELECT l.*, ` + now + ` AS now FROM l),
		n AS (SELECT c.*, @calls::bigint = 0 OR now >= opened + @length::bigint + slack OR used = 0 AND now > opened AS afresh FROM c),
		m AS (SELECT n.*, CASE WHEN afresh OR used >= @calls::bigint THEN 0 ELSE used END AS before,
			CASE WHEN afresh THEN now WHEN used < @calls::bigint THEN opened ELSE opened + @length::bigint + slack END AS begins FROM n),
		t AS MATERIALIZED (SELECT m.*, CASE WHEN now < shut THEN greatest(begins, shut) ELSE begins END AS start FROM m),
		u AS (UPDATE $.budgets b SET opened = t.start, used = t.before + 1, slack = t.slack - t.slack / 32 FROM t
			WHERE b.account = @account AND b.name = @name AND t.start - t.now <= @within::bigint RETURNING 1)
		SELECT start - now, refusals, EXISTS (SELECT FROM u) FROM t`)
	for {
		var micros int64
		err = l.s.pool.QueryRow(ctx, text, args).Scan(&micros, &turn, &taken)
		if !errors.Is(err, pgx.ErrNoRows) {
			return time.Duration(micros) * time.Microsecond, turn, taken, err
		}
		if _, err := l.s.pool.Exec(ctx, l.s.in("INSERT INTO $.budgets (account, name) VALUES ($1, $2) ON CONFLICT DO NOTHING"), l.s.account, name); err != nil {
			return 0, 0, false, err
		}
	}
}

// Observe implements [rest.Limiter]. Only answers that say something new cost
// a statement.
func (l *limiter) Observe(ctx context.Context, budget string, seen rest.Limits) {
	name, plan := l.budget(budget)
	wait := bounded(plan, seen.Wait)
	var text string
	switch {
	case seen.Throttled:
		wait = max(wait, minPause)
		text = `UPDATE $.budgets b SET refusals = refusals + 1, used = 0,
			slack = CASE WHEN n.now >= shut THEN least(2 * slack + @per::bigint / 50, @per::bigint / 4, 60000000) ELSE slack END,
			shut = greatest(shut, n.now + @wait::bigint), opened = greatest(shut, n.now + @wait::bigint)`
	case seen.Remaining == 0 && plan.Calls > 1:
		// Somebody else uses the account too: believe the other side's count.
		text = "UPDATE $.budgets b SET used = @calls::bigint, opened = n.now + @wait::bigint - @per::bigint"
	default:
		return
	}
	text += " FROM (SELECT " + now + " AS now) n WHERE account = @account AND name = @name"
	if !seen.Throttled {
		text += " AND used < @calls::bigint AND opened <= n.now"
	}
	args := pgx.NamedArgs{"account": l.s.account, "name": name, "calls": plan.Calls, "per": plan.Per.Microseconds(), "wait": wait.Microseconds()}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	for range 3 { // without the database nothing leaves anyway
		if _, err := l.s.pool.Exec(ctx, l.s.in(text), args); err == nil || ctx.Err() != nil {
			return
		}
	}
}

// minPause is the wait after a refusal that says nothing.
const minPause = time.Second

// bounded corrects a reset that is told in whole seconds: a window that has
// begun never lasts longer than its length. A reset far beyond that is believed
// for five minutes at a time. Not said = the whole length.
func bounded(b rest.Budget, reset time.Duration) time.Duration {
	switch {
	case reset == 0:
		return b.Per + b.Margin
	case b.Calls > 0 && reset <= b.Per+2*time.Second:
		return min(reset, b.Per+b.Margin)
	case b.Calls > 0:
		return min(reset, max(b.Per, 5*time.Minute))
	}
	return reset
}
