#ifndef MEDIACORE_STUN_ATTRIBUTE_TYPE_H_
#define MEDIACORE_STUN_ATTRIBUTE_TYPE_H_

#include <cstdint>
#include <string_view>

namespace mediacore::stun {

// Types of attributes: IANA's list of STUN attributes, and what is seen beside
// it. Any other 16 bits are a type too, without a name.
enum class AttributeType : std::uint16_t {
  // RFC 8489.
  kMappedAddress = 0x0001,
  kUsername = 0x0006,
  kMessageIntegrity = 0x0008,
  kErrorCode = 0x0009,
  kUnknownAttributes = 0x000a,
  kRealm = 0x0014,
  kNonce = 0x0015,
  kMessageIntegritySha256 = 0x001c,
  kPasswordAlgorithm = 0x001d,
  kUserhash = 0x001e,
  kXorMappedAddress = 0x0020,
  kPasswordAlgorithms = 0x8002,
  kAlternateDomain = 0x8003,
  kSoftware = 0x8022,
  kAlternateServer = 0x8023,
  kFingerprint = 0x8028,
  // RFC 8656.
  kChannelNumber = 0x000c,
  kLifetime = 0x000d,
  kXorPeerAddress = 0x0012,
  kData = 0x0013,
  kXorRelayedAddress = 0x0016,
  kRequestedAddressFamily = 0x0017,
  kEvenPort = 0x0018,
  kRequestedTransport = 0x0019,
  kDontFragment = 0x001a,
  kReservationToken = 0x0022,
  kAdditionalAddressFamily = 0x8000,
  kAddressErrorCode = 0x8001,
  kIcmp = 0x8004,
  // RFC 8445.
  kPriority = 0x0024,
  kUseCandidate = 0x0025,
  kIceControlled = 0x8029,
  kIceControlling = 0x802a,
  // RFC 5780.
  kChangeRequest = 0x0003,
  kPadding = 0x0026,
  kResponsePort = 0x0027,
  kCacheTimeout = 0x8027,
  kResponseOrigin = 0x802b,
  kOtherAddress = 0x802c,
  // RFC 6062, 6679, 7635, 7982, 8016.
  kAccessToken = 0x001b,
  kConnectionId = 0x002a,
  kTransactionTransmitCounter = 0x8025,
  kEcnCheck = 0x802d,
  kThirdPartyAuthorization = 0x802e,
  kMobilityTicket = 0x8030,
  // RFC 3489 and drafts of TURN; not in use any more.
  kResponseAddress = 0x0002,
  kSourceAddress = 0x0004,
  kChangedAddress = 0x0005,
  kPassword = 0x0007,
  kReflectedFrom = 0x000b,
  kMsAlternateServer = 0x000e,
  kOldMagicCookie = 0x000f,
  kBandwidth = 0x0010,
  kDestinationAddress = 0x0011,
  kTimerVal = 0x0021,
  // Vendors: Microsoft (MS-TURN, MS-ICE2).
  kMsVersion = 0x8008,
  kMsXorMappedAddress = 0x8020,
  kMsAlternateHostName = 0x8032,
  kMsAppId = 0x8037,
  kMsSecureTag = 0x8039,
  kMsSequenceNumber = 0x8050,
  kMsCandidateIdentifier = 0x8054,
  kMsServiceQuality = 0x8055,
  kMsImplementationVersion = 0x8070,
  kMsAltMappedAddress = 0x8090,
  kMsMultiplexedTurnSessionId = 0x8095,
  // others of IANA's list, and what libwebrtc and its servers send.
  kCiscoStunFlowdata = 0xc000,
  kNomination = 0xc001,  // registered as ENF-FLOW-DESCRIPTION; ICE renomination uses it
  kEnfNetworkStatus = 0xc002,
  kCiscoWebexFlowInfo = 0xc003,
  kCitrixTransactionId = 0xc056,
  kGoogNetworkInfo = 0xc057,
  kGoogLastIceCheckReceived = 0xc058,
  kGoogMiscInfo = 0xc059,
  kGoogObsolete1 = 0xc05a,
  kGoogConnectionId = 0xc05b,
  kGoogDelta = 0xc05c,
  kGoogDeltaAck = 0xc05d,
  kGoogDeltaSyncReq = 0xc05e,
  kGoogMessageIntegrity32 = 0xc060,
  kMetaDtlsInStun = 0xc070,
  kMetaDtlsInStunAck = 0xc071,
  kGoogMultiMapping = 0xff04,
  kGoogLoggingId = 0xff05,
};

// A type below 0x8000 has to be understood: a request with one that the receiver
// does not know is answered with error 420, an indication or a response with one
// is dropped. Others are skipped (RFC 8489, section 14).
constexpr bool IsComprehensionRequired(AttributeType type) {
  return static_cast<std::uint16_t>(type) < 0x8000;
}

// The name that tools print; empty for a type without one here.
constexpr std::string_view ToString(AttributeType type) {
  switch (type) {
    case AttributeType::kMappedAddress: return "MAPPED-ADDRESS";
    case AttributeType::kUsername: return "USERNAME";
    case AttributeType::kMessageIntegrity: return "MESSAGE-INTEGRITY";
    case AttributeType::kErrorCode: return "ERROR-CODE";
    case AttributeType::kUnknownAttributes: return "UNKNOWN-ATTRIBUTES";
    case AttributeType::kRealm: return "REALM";
    case AttributeType::kNonce: return "NONCE";
    case AttributeType::kMessageIntegritySha256: return "MESSAGE-INTEGRITY-SHA256";
    case AttributeType::kPasswordAlgorithm: return "PASSWORD-ALGORITHM";
    case AttributeType::kUserhash: return "USERHASH";
    case AttributeType::kXorMappedAddress: return "XOR-MAPPED-ADDRESS";
    case AttributeType::kPasswordAlgorithms: return "PASSWORD-ALGORITHMS";
    case AttributeType::kAlternateDomain: return "ALTERNATE-DOMAIN";
    case AttributeType::kSoftware: return "SOFTWARE";
    case AttributeType::kAlternateServer: return "ALTERNATE-SERVER";
    case AttributeType::kFingerprint: return "FINGERPRINT";
    case AttributeType::kChannelNumber: return "CHANNEL-NUMBER";
    case AttributeType::kLifetime: return "LIFETIME";
    case AttributeType::kXorPeerAddress: return "XOR-PEER-ADDRESS";
    case AttributeType::kData: return "DATA";
    case AttributeType::kXorRelayedAddress: return "XOR-RELAYED-ADDRESS";
    case AttributeType::kRequestedAddressFamily: return "REQUESTED-ADDRESS-FAMILY";
    case AttributeType::kEvenPort: return "EVEN-PORT";
    case AttributeType::kRequestedTransport: return "REQUESTED-TRANSPORT";
    case AttributeType::kDontFragment: return "DONT-FRAGMENT";
    case AttributeType::kReservationToken: return "RESERVATION-TOKEN";
    case AttributeType::kAdditionalAddressFamily: return "ADDITIONAL-ADDRESS-FAMILY";
    case AttributeType::kAddressErrorCode: return "ADDRESS-ERROR-CODE";
    case AttributeType::kIcmp: return "ICMP";
    case AttributeType::kPriority: return "PRIORITY";
    case AttributeType::kUseCandidate: return "USE-CANDIDATE";
    case AttributeType::kIceControlled: return "ICE-CONTROLLED";
    case AttributeType::kIceControlling: return "ICE-CONTROLLING";
    case AttributeType::kChangeRequest: return "CHANGE-REQUEST";
    case AttributeType::kPadding: return "PADDING";
    case AttributeType::kResponsePort: return "RESPONSE-PORT";
    case AttributeType::kCacheTimeout: return "CACHE-TIMEOUT";
    case AttributeType::kResponseOrigin: return "RESPONSE-ORIGIN";
    case AttributeType::kOtherAddress: return "OTHER-ADDRESS";
    case AttributeType::kAccessToken: return "ACCESS-TOKEN";
    case AttributeType::kConnectionId: return "CONNECTION-ID";
    case AttributeType::kTransactionTransmitCounter: return "TRANSACTION-TRANSMIT-COUNTER";
    case AttributeType::kEcnCheck: return "ECN-CHECK";
    case AttributeType::kThirdPartyAuthorization: return "THIRD-PARTY-AUTHORIZATION";
    case AttributeType::kMobilityTicket: return "MOBILITY-TICKET";
    case AttributeType::kResponseAddress: return "RESPONSE-ADDRESS";
    case AttributeType::kSourceAddress: return "SOURCE-ADDRESS";
    case AttributeType::kChangedAddress: return "CHANGED-ADDRESS";
    case AttributeType::kPassword: return "PASSWORD";
    case AttributeType::kReflectedFrom: return "REFLECTED-FROM";
    case AttributeType::kMsAlternateServer: return "MS-ALTERNATE-SERVER";
    case AttributeType::kOldMagicCookie: return "MAGIC-COOKIE";
    case AttributeType::kBandwidth: return "BANDWIDTH";
    case AttributeType::kDestinationAddress: return "DESTINATION-ADDRESS";
    case AttributeType::kTimerVal: return "TIMER-VAL";
    case AttributeType::kMsVersion: return "MS-VERSION";
    case AttributeType::kMsXorMappedAddress: return "MS-XOR-MAPPED-ADDRESS";
    case AttributeType::kMsAlternateHostName: return "MS-ALTERNATE-HOST-NAME";
    case AttributeType::kMsAppId: return "MS-APP-ID";
    case AttributeType::kMsSecureTag: return "MS-SECURE-TAG";
    case AttributeType::kMsSequenceNumber: return "MS-SEQUENCE-NUMBER";
    case AttributeType::kMsCandidateIdentifier: return "MS-CANDIDATE-IDENTIFIER";
    case AttributeType::kMsServiceQuality: return "MS-SERVICE-QUALITY";
    case AttributeType::kMsImplementationVersion: return "MS-IMPLEMENTATION-VERSION";
    case AttributeType::kMsAltMappedAddress: return "MS-ALT-MAPPED-ADDRESS";
    case AttributeType::kMsMultiplexedTurnSessionId: return "MS-MULTIPLEXED-TURN-SESSION-ID";
    case AttributeType::kCiscoStunFlowdata: return "CISCO-STUN-FLOWDATA";
    case AttributeType::kNomination: return "NOMINATION";
    case AttributeType::kEnfNetworkStatus: return "ENF-NETWORK-STATUS";
    case AttributeType::kCiscoWebexFlowInfo: return "CISCO-WEBEX-FLOW-INFO";
    case AttributeType::kCitrixTransactionId: return "CITRIX-TRANSACTION-ID";
    case AttributeType::kGoogNetworkInfo: return "GOOG-NETWORK-INFO";
    case AttributeType::kGoogLastIceCheckReceived: return "GOOG-LAST-ICE-CHECK-RECEIVED";
    case AttributeType::kGoogMiscInfo: return "GOOG-MISC-INFO";
    case AttributeType::kGoogObsolete1: return "GOOG-OBSOLETE-1";
    case AttributeType::kGoogConnectionId: return "GOOG-CONNECTION-ID";
    case AttributeType::kGoogDelta: return "GOOG-DELTA";
    case AttributeType::kGoogDeltaAck: return "GOOG-DELTA-ACK";
    case AttributeType::kGoogDeltaSyncReq: return "GOOG-DELTA-SYNC-REQ";
    case AttributeType::kGoogMessageIntegrity32: return "GOOG-MESSAGE-INTEGRITY-32";
    case AttributeType::kMetaDtlsInStun: return "META-DTLS-IN-STUN";
    case AttributeType::kMetaDtlsInStunAck: return "META-DTLS-IN-STUN-ACK";
    case AttributeType::kGoogMultiMapping: return "GOOG-MULTI-MAPPING";
    case AttributeType::kGoogLoggingId: return "GOOG-LOGGING-ID";
  }
  return "";
}

}  // namespace mediacore::stun

#endif  // MEDIACORE_STUN_ATTRIBUTE_TYPE_H_
