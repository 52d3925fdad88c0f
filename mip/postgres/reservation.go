package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/openmip/openmip/mip"
)

// querier is a pool or a transaction.
type querier interface {
	Query(ctx context.Context, text string, args ...any) (pgx.Rows, error)
}

// reservation reads one by its key and keeps others from changing it.
func (s *Store) reservation(ctx context.Context, tx pgx.Tx, key string) (r mip.Reservation, known bool, err error) {
	all, err := s.reservationRows(ctx, tx, "key = $2 FOR UPDATE", key)
	if err != nil || len(all) == 0 {
		return r, false, err
	}
	return all[0], true, nil
}

// reservations reads those that pass, oldest first.
func (s *Store) reservations(ctx context.Context, q querier, where string, args ...any) ([]mip.Reservation, error) {
	return s.reservationRows(ctx, q, where+" ORDER BY at, key", args...)
}

// selectReservations is of the account's rows.
const selectReservations = `SELECT key, purse, channel, id, currency, amount, coalesce(actual, ''), state, at, note
	FROM $.reservations WHERE account = $1 AND `

// reservationRows reads the account's rows; where may use $2 and up.
func (s *Store) reservationRows(ctx context.Context, q querier, where string, args ...any) ([]mip.Reservation, error) {
	rows, err := q.Query(ctx, s.in(selectReservations+where), append([]any{s.account}, args...)...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanReservation)
}

// scanReservation reads one. One without a purse only remembers that an
// unknown key was released.
func scanReservation(row pgx.CollectableRow) (r mip.Reservation, err error) {
	var currency, amount, actual string
	var at int64
	err = row.Scan(&r.Key, &r.Account, &r.Ref.Channel, &r.Ref.ID, &currency, &amount, &actual, &r.State, &at, &r.Note)
	r.At = instant(at)
	if err != nil || r.Account == "" {
		return r, err
	}
	r.Amount, err = mip.ParseMoney(amount, currency)
	if err == nil && actual != "" {
		r.Actual, err = mip.ParseMoney(actual, currency)
	}
	if err != nil {
		return r, &mip.Error{Op: "postgres: read reservation", Ref: r.Ref, Kind: mip.ErrContract, Err: errors.New("a stored amount does not decode")}
	}
	return r, nil
}

func (s *Store) addReservation(ctx context.Context, tx pgx.Tx, r mip.Reservation) error {
	_, err := tx.Exec(ctx, s.in(`INSERT INTO $.reservations (account, key, purse, channel, id, currency, amount, state, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`),
		s.account, r.Key, r.Account, r.Ref.Channel, r.Ref.ID, r.Amount.Currency(), amountText(r.Amount), string(r.State), nanos(r.At))
	return err
}

func (s *Store) changeReservation(ctx context.Context, tx pgx.Tx, r mip.Reservation) error {
	var actual any
	if r.Actual.Currency() != "" {
		actual = r.Actual.Text()
	}
	_, err := tx.Exec(ctx, s.in("UPDATE $.reservations SET state = $3, actual = $4, at = $5, note = $6 WHERE account = $1 AND key = $2"),
		s.account, r.Key, string(r.State), actual, nanos(r.At), r.Note)
	return err
}

func amountText(m mip.Money) string {
	if m.Currency() == "" {
		return ""
	}
	return m.Text()
}
