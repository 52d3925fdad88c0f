package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/openmip/openmip/mip"
)

// purse waits until no other reservation of a balance is being made, and
// reads the one with that key, if it is known, and what a balance read at
// readAt does not show yet. All others wait until the transaction ends, so
// that the three are sent at once: each sees what was committed before it ran.
func (s *Store) purse(ctx context.Context, tx pgx.Tx, account, key string, readAt time.Time) (old mip.Reservation, known bool, taken mip.Money, err error) {
	var b pgx.Batch
	b.Queue("SELECT pg_advisory_xact_lock(hashtextextended($1, 1))", "openmip "+s.schema+" "+s.account+" "+account)
	b.Queue(s.in(selectReservations+"key = $2 FOR UPDATE"), s.account, key).Query(func(rows pgx.Rows) error {
		all, err := pgx.CollectRows(rows, scanReservation)
		if len(all) == 1 {
			old, known = all[0], true
		}
		return err
	})
	// The sum is made in SQL: there may be many since.
	b.Queue(s.in(`SELECT currency, sum(CASE WHEN state = 'settled' THEN coalesce(actual, amount) ELSE amount END::numeric)::text
		FROM $.reservations WHERE account = $1 AND purse = $2 AND (state = 'open' OR state = 'settled' AND at >= $3) GROUP BY currency`),
		s.account, account, nanos(readAt)).Query(func(rows pgx.Rows) (err error) {
		taken, err = sum(rows)
		return err
	})
	err = tx.SendBatch(ctx, &b).Close()
	return old, known, taken, err
}

// sum adds up amounts, of which there is one for each currency.
func sum(rows pgx.Rows) (total mip.Money, err error) {
	var currency, amount string
	_, err = pgx.ForEachRow(rows, []any{&currency, &amount}, func() error {
		m, err := mip.ParseMoney(amount, currency)
		if err == nil {
			total, err = total.Add(m)
		}
		if err != nil {
			return &mip.Error{Op: "postgres: reserve", Kind: mip.ErrInvalid, Err: err}
		}
		return nil
	})
	return total, err
}
