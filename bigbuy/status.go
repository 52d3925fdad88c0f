package bigbuy

import (
	"regexp"
	"strings"

	"github.com/openmip/openmip/mip"
)

// DefaultStatuses returns what BigBuy's status names mean, in lower case, a
// fresh map. BigBuy publishes no list; these are the Spanish names seen in
// production and the words of its help pages. Unknown names count as in
// process, unless they speak of a cancellation.
func DefaultStatuses() map[string]mip.PlacementStatus {
	return map[string]mip.PlacementStatus{
		"pendiente de pago":          mip.PlacementAwaitingPayment,
		"pending payment":            mip.PlacementAwaitingPayment,
		"pending payment/validation": mip.PlacementAwaitingPayment,
		"pending invoice":            mip.PlacementInvoiceMissing,
		"en proceso":                 mip.PlacementInProcess,
		"pedido en proceso":          mip.PlacementInProcess,
		"in process":                 mip.PlacementInProcess,
		"order_in_process":           mip.PlacementInProcess,
		"expedido":                   mip.PlacementShipped,
		"dispatched":                 mip.PlacementShipped,
		"shipped":                    mip.PlacementShipped,
		"order_sent":                 mip.PlacementShipped,
		"entregado":                  mip.PlacementDelivered,
		"delivered":                  mip.PlacementDelivered,
		"order_delivered":            mip.PlacementDelivered,
		"cancelado":                  mip.PlacementCancelled,
		"cancelled":                  mip.PlacementCancelled,
		"order_cancelled":            mip.PlacementCancelled,
	}
}

// A cancellation is found in whatever language the status comes, unless it is
// only asked for, or was denied.
var (
	cancelledWords = regexp.MustCompile(`cancel|anulad|annul|storn|anulow`)
	deniedWords    = regexp.MustCompile(`^(no|not|non|nie|nicht)\s|` +
		`(cancelaci[oó]n|cancellation|anulaci[oó]n|annulation|annullamento|cancellazione|stornierung|anulowanie)\s.*` +
		`(deneg|rechaz|reject|refus|deni|declin|abgelehn|rifiut|odrzuc|\b(no|not|nicht|non)\b)`)
	askedWords = regexp.MustCompile(`pend|solicit|request|demand|beantragt|richiest`)
)

// statusOf reads a status name; the empty name says nothing.
func statusOf(name string, table map[string]mip.PlacementStatus) mip.PlacementStatus {
	word := strings.ToLower(strings.TrimSpace(name))
	if word == "" {
		return ""
	}
	if s, ok := table[word]; ok {
		return s
	}
	if cancelledWords.MatchString(word) && !askedWords.MatchString(word) && !deniedWords.MatchString(word) {
		return mip.PlacementCancelled
	}
	return mip.PlacementInProcess
}

// arrival is what a carrier's words say of a delivery.
type arrival uint8

const (
	onTheWay arrival = iota
	perhapsThere
	there
)

// Carriers write in many languages: only these words alone are taken for a
// delivery. A text that merely contains one ("not delivered", "will be
// delivered today") is reason to ask BigBuy.
var deliveredWord = regexp.MustCompile(
	`delivered|entregad[oa]|zugestellt|livrée?|consegnat[oa]|entregue|bezorgd|afgeleverd|doręczon[oae]`)

func arrivalOf(words string) arrival {
	words = strings.ToLower(strings.Trim(words, " .!\t\n"))
	switch found := deliveredWord.FindString(words); found {
	case "":
		return onTheWay
	case words:
		return there
	}
	return perhapsThere
}
