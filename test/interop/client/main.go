// Calls peers as btcd does, with btcd's own package (https://pkg.go.dev/github.com/btcsuite/btcd/peer).
//
// Arguments are addresses. For each it prints a line of JSON: the fields of the peer's version message, what
// was negotiated, and whether the peer answered a ping; or why the handshake failed.
package main

import (
	"encoding/json"
	"errors"
	"net"
	"os"
	"time"

	"github.com/btcsuite/btcd/chaincfg/v2"
	"github.com/btcsuite/btcd/peer"
	"github.com/btcsuite/btcd/wire/v2"
)

const (
	timeout = 10 * time.Second
	nonce   = 0x0123456789abcdef
)

// report is the outcome of calling one peer.
type report struct {
	Address     string `json:"address"`
	Error       string `json:"error,omitempty"`
	Version     int32  `json:"version"`
	Negotiated  uint32 `json:"negotiated"`
	Services    uint64 `json:"services"`
	UserAgent   string `json:"userAgent"`
	StartHeight int32  `json:"startHeight"`
	Relay       bool   `json:"relay"`
	Timestamp   int64  `json:"timestamp"`
	WantsAddrV2 bool   `json:"wantsAddrV2"`
	Pong        bool   `json:"pong"`
}

func main() {
	lines := json.NewEncoder(os.Stdout)
	for _, address := range os.Args[1:] {
		if err := lines.Encode(call(address)); err != nil {
			os.Exit(1)
		}
	}
}

// call sends our version message, waits for the end of the handshake, and asks for a pong.
func call(address string) report {
	result := report{Address: address}
	verack, pong := make(chan struct{}, 1), make(chan uint64, 1)
	config := configuration()
	config.Listeners = peer.MessageListeners{
		OnVersion: func(_ *peer.Peer, msg *wire.MsgVersion) *wire.MsgReject {
			result.addVersion(msg)
			return nil
		},
		OnVerAck: func(*peer.Peer, *wire.MsgVerAck) { verack <- struct{}{} },
		OnPong:   func(_ *peer.Peer, msg *wire.MsgPong) { pong <- msg.Nonce },
	}
	remote, err := connect(config, address)
	if err != nil {
		result.Error = err.Error()
		return result
	}
	err = shakeHands(remote, verack, pong)
	result.Negotiated, result.WantsAddrV2 = remote.ProtocolVersion(), remote.WantsAddrV2()
	remote.Disconnect()
	remote.WaitForDisconnect()
	if err != nil {
		result.Error = err.Error()
	}
	result.Pong = err == nil
	return result
}

func configuration() *peer.Config {
	return &peer.Config{
		UserAgentName:    "interop",
		UserAgentVersion: "1.0.0",
		ChainParams:      &chaincfg.MainNetParams,
		TrickleInterval:  10 * time.Second,
	}
}

func connect(config *peer.Config, address string) (*peer.Peer, error) {
	remote, err := peer.NewOutboundPeer(config, address)
	if err != nil {
		return nil, err
	}
	connection, err := net.DialTimeout("tcp", address, timeout)
	if err != nil {
		return nil, err
	}
	remote.AssociateConnection(connection)
	return remote, nil
}

// shakeHands waits for the end of the handshake, and then for the answer to a ping.
func shakeHands(remote *peer.Peer, verack <-chan struct{}, pong <-chan uint64) error {
	select {
	case <-verack:
	case <-remote.Done():
		return errors.New("the handshake was broken off")
	case <-time.After(timeout):
		return errors.New("no verack in time")
	}
	remote.QueueMessage(wire.NewMsgPing(nonce), nil)
	select {
	case answer := <-pong:
		if answer != nonce {
			return errors.New("a pong with another nonce")
		}
		return nil
	case <-remote.Done():
		return errors.New("the peer hung up on a ping")
	case <-time.After(timeout):
		return errors.New("no pong in time")
	}
}

// addVersion adds the fields of the peer's version message.
func (result *report) addVersion(msg *wire.MsgVersion) {
	result.Version = msg.ProtocolVersion
	result.Services = uint64(msg.Services)
	result.UserAgent = msg.UserAgent
	result.StartHeight = msg.LastBlock
	result.Relay = !msg.DisableRelayTx
	result.Timestamp = msg.Timestamp.Unix()
}
