package paypal_test

import (
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/memstore"
	"github.com/openmip/openmip/mip/rest"
	"github.com/openmip/openmip/paypal"
	"github.com/openmip/openmip/paypal/paypaltest"
)

func (p *till) actual() string {
	p.Helper()
	r, err := p.ledger.Reservation(p.Context(), shopKey)
	require.NoError(p, err)
	return r.Actual.String()
}

func TestACaptureOfWhatWasAuthorised(t *testing.T) {
	for _, issue := range []string{"DUPLICATE_INVOICE_ID", "MAX_CAPTURE_COUNT_EXCEEDED", "PREVIOUSLY_VOIDED"} {
		direct(t, "is not believed before PayPal shows it: "+issue, authorised, func(p *till) {
			p.approved()
			p.bank.Refuse(paypaltest.RouteCaptureAuthorization, issue)
			err := p.Settle(p.Context(), shopKey, mip.EUR(30_00))
			require.ErrorIs(p, err, mip.ErrConflict)
			assert.Equal(p, "payment.capture_failed", codeOf(err))
			assert.Equal(p, mip.ReservationOpen, p.state())
			require.NoError(p, p.Settle(p.Context(), shopKey, mip.EUR(30_00)), "tried again, it may work")
			assert.Equal(p, "30.00 EUR", p.paid())
		})
	}
	for _, strict := range []bool{false, true} {
		direct(t, "stands in the books as it was made, whatever the price is said to be later", func(c *paypal.DirectConfig, bank *paypaltest.Server) {
			authorised(c, bank)
			bank.Switch(func(s *paypaltest.Switches) { s.RefuseChangedBody = strict })
		}, func(p *till) {
			p.approved()
			p.bank.Fail(paypaltest.RouteCaptureAuthorization, paypaltest.LoseAnswer, 3)
			require.ErrorIs(p, p.Settle(p.Context(), shopKey, mip.EUR(10_00)), mip.ErrUnknown)
			require.NoError(p, p.Settle(p.Context(), shopKey, mip.EUR(12_00)))
			assert.Equal(p, "10.00 EUR", p.paid())
			assert.Equal(p, "10.00 EUR", p.actual())
		})
	}
}

func TestAnAuthorisationThatPayPalDoesNotVoidBecauseNothingIsLeftOfIt(t *testing.T) {
	direct(t, "is given back once it ran out", authorised, func(p *till) {
		p.approved()
		time.Sleep(30 * 24 * time.Hour)
		p.bank.Refuse(paypaltest.RouteVoid, "CANNOT_BE_VOIDED")
		require.NoError(p, p.Release(p.Context(), shopKey))
	})
	direct(t, "and not before", authorised, func(p *till) {
		p.approved()
		p.bank.Refuse(paypaltest.RouteVoid, "CANNOT_BE_VOIDED")
		require.Error(p, p.Release(p.Context(), shopKey))
		assert.Equal(p, mip.ReservationOpen, p.state())
	})
}

func codeOf(err error) string {
	me, _ := errors.AsType[*mip.Error](err)
	if me == nil {
		return ""
	}
	return me.Code
}

func TestARestThatWasNotGivenBackStaysInTheBooks(t *testing.T) {
	direct(t, "also when it is settled again", nil, func(p *till) {
		p.approved()
		p.bank.Refuse(paypaltest.RouteRefundCapture, "PARTIAL_REFUND_NOT_ALLOWED")
		require.ErrorIs(p, p.Settle(p.Context(), shopKey, mip.EUR(30_00)), mip.ErrRefused)
		_ = p.Settle(p.Context(), shopKey, mip.EUR(30_00)) // the program died before it wrote down the first
		assert.Equal(p, p.paid(), p.actual())
	})
	direct(t, "the refund that was made counts, not the one of a later price", nil, func(p *till) {
		p.approved()
		p.bank.Fail(paypaltest.RouteRefundCapture, paypaltest.LoseAnswer, 3)
		require.ErrorIs(p, p.Settle(p.Context(), shopKey, mip.EUR(10_00)), mip.ErrUnknown)
		require.NoError(p, p.Settle(p.Context(), shopKey, mip.EUR(12_00)))
		assert.Equal(p, "10.00 EUR", p.paid())
		assert.Equal(p, "10.00 EUR", p.actual())
	})
	direct(t, "what was refunded is not bought with, whatever is settled afterwards", nil, func(p *till) {
		p.approved()
		require.NoError(p, p.Release(p.Context(), shopKey))
		require.NoError(p, p.Settle(p.Context(), shopKey, mip.EUR(30_00)))
		assert.Equal(p, "0.00 EUR", p.actual())
	})
}

func TestARefundThatPayPalHasNotDecided(t *testing.T) {
	pending := func(_ *paypal.DirectConfig, bank *paypaltest.Server) {
		bank.Switch(func(s *paypaltest.Switches) { s.PendingRefunds = true })
	}
	direct(t, "is not back before it is", pending, func(p *till) {
		p.approved()
		err := p.Release(p.Context(), shopKey)
		require.ErrorIs(p, err, mip.ErrUnavailable)
		assert.Equal(p, time.Hour, mip.RetryAfter(err))
		assert.Equal(p, mip.ReservationOpen, p.state())
		require.NoError(p, p.bank.CompleteRefund(p.asked().Refunds[0].ID))
		require.NoError(p, p.Release(p.Context(), shopKey))
		assert.Equal(p, mip.ReservationReleased, p.state())
	})
	direct(t, "and then fails is told", pending, func(p *till) {
		p.approved()
		require.ErrorIs(p, p.Release(p.Context(), shopKey), mip.ErrUnavailable)
		require.NoError(p, p.bank.FailRefund(p.asked().Refunds[0].ID))
		err := p.Release(p.Context(), shopKey)
		require.ErrorIs(p, err, mip.ErrRefused)
		assert.Equal(p, paypal.CodeRefundFailed, codeOf(err))
		assert.Equal(p, mip.ReservationOpen, p.state())
		p.bank.Switch(func(s *paypaltest.Switches) { s.PendingRefunds = false })
		_, err = p.config.Client.RefundCapture(p.Context(), paypal.NewRequestID("by hand", "refund"), p.asked().Captures[0].ID, paypal.RefundRequest{})
		require.NoError(p, err)
		require.NoError(p, p.Release(p.Context(), shopKey), "given back by hand")
		assert.Equal(p, mip.ReservationReleased, p.state())
	})
}

// answering is a direct payment from the vault with a PayPal that answers so.
func answering(t *testing.T, w *wire) (*paypal.DirectPayment, func() error) {
	t.Helper()
	d, err := paypal.Direct(paypal.DirectConfig{Client: client(t, w, once), Ledger: memstore.New(), Secret: rest.NewSecret("0123456789abcdef"), Vault: "8kk8451t"})
	require.NoError(t, err)
	return d, func() error {
		return d.Reserve(t.Context(), mip.Reservation{Key: shopKey, Ref: mip.Ref{Channel: "shop", ID: "1001"}, Amount: mip.EUR(34_90)})
	}
}

func TestAConflictThatNobodyKnowsIsNoRefusal(t *testing.T) {
	for name, body := range map[string]string{"an unknown issue": issue("SOMETHING_NEW"), "a page": "<html>", "no issue": `{"name":"RESOURCE_CONFLICT"}`} {
		t.Run(name, func(t *testing.T) {
			d, reserve := answering(t, inTurn(says(409, body), says(409, body), says(201, captured)))
			for _, try := range []func() error{reserve, func() error { return d.Release(t.Context(), shopKey) }} {
				err := try()
				require.Error(t, err, "another call may be taking the money")
				assert.NotErrorIs(t, err, mip.ErrRefused)
				assert.NotErrorIs(t, err, mip.ErrUnfunded)
			}
			require.NoError(t, reserve())
		})
	}
}

func TestAVaultedPaymentThatIsWrongLeavesNothingOpen(t *testing.T) {
	for name, w := range map[string]*wire{
		"PayPal calls it wrong":           always(400, `{"name":"INVALID_REQUEST","details":[{"issue":"INVALID_PARAMETER_SYNTAX"}]}`),
		"a page calls it wrong, no proof": always(400, "<html>"),
	} {
		t.Run(name, func(t *testing.T) {
			d, reserve := answering(t, w)
			require.Error(t, reserve())
			err := d.Release(t.Context(), shopKey)
			assert.Equal(t, name == "PayPal calls it wrong", err == nil, "%v", err)
		})
	}
	t.Run("it cannot be sent", func(t *testing.T) {
		w := always(500, "")
		d, err := paypal.Direct(paypal.DirectConfig{Client: client(t, w, once), Ledger: memstore.New(), Secret: rest.NewSecret("0123456789abcdef"),
			Vault: "8kk8451t", Currency: "HUF", MaxPerDay: mip.Minor(100_00, "HUF")})
		require.NoError(t, err)
		r := mip.Reservation{Key: shopKey, Ref: mip.Ref{Channel: "shop", ID: "1001"}, Amount: mip.Minor(60_50, "HUF")}
		require.Error(t, d.Reserve(t.Context(), r))
		require.NoError(t, d.Release(t.Context(), shopKey))
		assert.Empty(t, w.sent)
		r.Key, r.Amount = "shop-1002--a1", mip.Minor(60_00, "HUF")
		assert.NotErrorIs(t, d.Reserve(t.Context(), r), mip.ErrUnfunded, "the limit of the day is free again")
	})
}

func TestAShortAnswerOfAVaultedPaymentIsLookedUp(t *testing.T) {
	short := `{"id":"` + orderID + `","status":"COMPLETED"}`
	w := &wire{answer: func(s sent, _ int) (*http.Response, error) {
		if s.call == "POST /v2/checkout/orders" {
			return answer(201, short), nil
		}
		return answer(200, captured), nil
	}}
	_, reserve := answering(t, w)
	require.NoError(t, reserve())
}

func TestADeclinedCaptureBesideOneThatTookMoney(t *testing.T) {
	both := `{"id":"` + orderID + `","status":"COMPLETED","purchase_units":[{"payments":{"captures":[` +
		`{"id":"3C679366HH908993F","status":"COMPLETED","amount":{"currency_code":"EUR","value":"34.90"}},` +
		`{"id":"3C679366HH908993G","status":"DECLINED","amount":{"currency_code":"EUR","value":"34.90"}}]}}]}`
	_, reserve := answering(t, always(201, both))
	require.NoError(t, reserve())
}

func TestMeansThatWereDeclinedAreFollowedByOthers(t *testing.T) {
	for _, authorise := range []bool{false, true} {
		direct(t, "also where PayPal repeats a refusal to who repeats a key", func(c *paypal.DirectConfig, bank *paypaltest.Server) {
			c.Authorise = authorise
			bank.Switch(func(s *paypaltest.Switches) { s.KeepRefusals = true })
		}, func(p *till) {
			p.waits()
			require.NoError(p, p.bank.Decline(p.asked().ID))
			assert.Equal(p, "approval", p.waits().Reason)
			time.Sleep(time.Minute)
			require.NoError(p, p.bank.Approve(p.asked().ID))
			require.NoError(p, p.reserve())
		})
	}
	direct(t, "and a capture whose answer was lost keeps its key", nil, func(p *till) {
		p.waits()
		require.NoError(p, p.bank.Approve(p.asked().ID))
		p.bank.Fail(paypaltest.RouteCaptureOrder, paypaltest.Unavailable, 3)
		require.Error(p, p.reserve())
		time.Sleep(time.Minute)
		require.NoError(p, p.reserve())
		keys := map[string]bool{}
		for _, c := range p.bank.Calls() {
			if c.Route == paypaltest.RouteCaptureOrder {
				keys[c.RequestID] = true
			}
		}
		assert.Len(p, keys, 1)
	})
}

func TestMeansThatStayDeclinedEndWithTheLink(t *testing.T) {
	direct(t, "also where PayPal shows the approval for longer", func(_ *paypal.DirectConfig, bank *paypaltest.Server) {
		bank.Switch(func(s *paypaltest.Switches) { s.ExpiredStay = true })
	}, func(p *till) {
		p.waits()
		require.NoError(p, p.bank.Decline(p.asked().ID))
		assert.Equal(p, "approval", p.waits().Reason)
		time.Sleep(7 * time.Hour)
		assert.ErrorIs(p, p.reserve(), mip.ErrUnfunded)
	})
}

// TestACaptureThatIsRepeatedForLong: PayPal makes the client wait between its
// tries, and meanwhile somebody else gives the payment back.
func TestACaptureThatIsRepeatedForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := openTill(t, nil)
		p.waits()
		require.NoError(t, p.bank.Approve(p.asked().ID))
		p.bank.Switch(func(s *paypaltest.Switches) { s.RetryAfter = "50" })
		p.bank.Fail(paypaltest.RouteCaptureOrder, paypaltest.Unavailable, 1)
		p.bank.Fail(paypaltest.RouteCaptureOrder, paypaltest.Throttle, 4)
		var wg sync.WaitGroup
		wg.Go(func() { _ = p.reserve() })
		for range 12 {
			time.Sleep(30 * time.Second)
			if p.Release(t.Context(), shopKey) == nil {
				break
			}
		}
		wg.Wait()
		require.Equal(t, mip.ReservationReleased, p.state())
		assert.Contains(t, []string{"–", "0.00 EUR"}, p.paid(), "what is said to be back was not taken afterwards")
	})
}
