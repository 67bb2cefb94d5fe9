#include "mediacore/rtmp/amf0.h"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "../support/heap_watch.h"

namespace mediacore::rtmp {
namespace {

using Buffer = std::vector<std::uint8_t>;

// "connect", 1, {app: "live"}: what a client says first.
constexpr std::array<std::uint8_t, 34> kConnect = {2,    0, 7, 'c', 'o', 'n', 'n', 'e', 'c', 't', 0,   0x3f,
                                                   0xf0, 0, 0, 0,   0,   0,   0,   3,   0,   3,   'a', 'p',
                                                   'p',  2, 0, 4,   'l', 'i', 'v', 'e', 0,   0};

constexpr auto WithEnd() {
  std::array<std::uint8_t, 35> all{};
  std::copy(kConnect.begin(), kConnect.end(), all.begin());
  all[34] = 9;
  return all;
}
constexpr std::array<std::uint8_t, 35> kCommand = WithEnd();

constexpr bool ReadsACommand() {
  ByteReader reader(kCommand);
  const auto name = Amf0Value::TakeFrom(reader);
  const auto transaction = Amf0Value::TakeFrom(reader);
  const auto object = Amf0Value::TakeFrom(reader);
  Bytes app;
  double none = 0;
  return name && name->IsText() && IsText(name->head().text, "connect") && transaction && object && reader.empty() &&
         transaction->type() == Amf0Type::kNumber && transaction->head().number == 1 && object->FindText("app", app) &&
         IsText(app, "live") && !object->FindNumber("app", none) && !object->FindText("ap", app);
}
static_assert(ReadsACommand());

constexpr bool WritesACommand() {
  std::array<std::uint8_t, 35> out{};
  Amf0Writer writer(out);
  writer.String("connect");
  writer.Number(1);
  writer.BeginObject();
  writer.String("app", "live");
  writer.End();
  return writer.ok() && writer.values().size() == 35 && out == kCommand;
}
static_assert(WritesACommand());

// All events as one line, and the error behind them.
std::string Told(Bytes bytes) {
  Amf0Reader reader(bytes);
  std::string out;
  const auto append = [&out](std::string_view before, Bytes text, std::string_view behind) {
    out += before;
    out.append(text.begin(), text.end());
    out += behind;
  };
  for (Amf0Event event; reader.Next(event);) {
    if (event.end) {
      out += "} ";
      continue;
    }
    if (!event.name.empty()) append("", event.name, "=");
    out += ToString(event.type);
    if (event.type == Amf0Type::kNumber || event.type == Amf0Type::kDate)
      out.append(" ").append(std::to_string(event.number));
    if (event.type == Amf0Type::kBoolean) out += event.boolean ? " true" : " false";
    if (event.type == Amf0Type::kReference) out.append(" ").append(std::to_string(event.reference));
    if (!event.text.empty()) append(" ", event.text, "");
    out += IsAmf0Container(event.type) ? " { " : "; ";
  }
  if (reader.error() != Amf0Error::kNone) out += std::string(ToString(reader.error()));
  return out;
}
Amf0Error ErrorOf(const Buffer& bytes) {
  Amf0Reader reader(bytes);
  for (Amf0Event event; reader.Next(event);) continue;
  ByteReader values(bytes);
  auto error = Amf0Error::kNone;
  while (!values.empty() && error == Amf0Error::kNone) {
    const auto value = Amf0Value::TakeFrom(values);
    if (!value) error = value.error();
  }
  EXPECT_EQ(error, reader.error());  // the view refuses what the reader refuses
  return reader.error();
}

TEST(Amf0Test, EachCauseOfRefusalHasItsName) {
  for (std::size_t size = 1; size < kCommand.size(); ++size) {
    const Buffer cut(kCommand.begin(), kCommand.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(ErrorOf(cut), size == 10 || size == 19 ? Amf0Error::kNone : Amf0Error::kTruncated) << size;
  }
  for (const Buffer& cut : {Buffer{1},
                            {6, 7, 0},
                            {8, 0, 0, 0},
                            {0x0a, 0},
                            {0x0b, 0, 0, 0, 0, 0, 0, 0, 0, 0},
                            {0x0c, 0, 0, 0, 2, 'a'},
                            {0x0f, 0xff, 0xff, 0xff, 0xff},
                            {0x10, 0, 2, 'a'},
                            {0x10, 0, 0}}) {
    EXPECT_EQ(ErrorOf(cut), Amf0Error::kTruncated);
  }
  for (const int reserved : {0x04, 0x09, 0x0e, 0x12, 0xff}) {
    EXPECT_EQ(ErrorOf({5, static_cast<std::uint8_t>(reserved), 0, 0}), Amf0Error::kBadMarker);
  }
  EXPECT_EQ(ErrorOf({3, 0, 1, 'a', 9, 0, 0, 9}), Amf0Error::kBadMarker);  // the end has no name
  EXPECT_EQ(ErrorOf({0x11, 1}), Amf0Error::kAmf3);
  EXPECT_EQ(ErrorOf({0x0a, 0, 0, 0, 3, 5, 5}), Amf0Error::kCountPastEnd);
  EXPECT_EQ(ErrorOf({0x0a, 0xff, 0xff, 0xff, 0xff, 5}), Amf0Error::kCountPastEnd);
  Buffer deep;
  for (std::size_t i = 0; i < kAmf0MaxDepth; ++i) deep.insert(deep.end(), {0x0a, 0, 0, 0, 1});
  deep.push_back(5);
  EXPECT_EQ(ErrorOf(deep), Amf0Error::kNone);
  deep.insert(deep.begin(), {0x0a, 0, 0, 0, 1});
  EXPECT_EQ(ErrorOf(deep), Amf0Error::kTooDeep);
  EXPECT_EQ(ToString(Amf0Error::kTooDeep), "amf0: too deep");
  EXPECT_EQ(ToString(Amf0Error::kNone), "amf0: no error");
}

TEST(Amf0Test, EveryTypeIsRead) {
  Buffer out(400);
  Amf0Writer writer(out);
  writer.Number(-2.5);
  writer.Boolean(true);
  writer.String("text");
  writer.BeginObject();
  writer.Name("inner");
  writer.Write({.type = Amf0Type::kTypedObject, .text = Bytes(kCommand).subspan(3, 7)});
  writer.Boolean("b", false);
  writer.End();
  writer.End();
  writer.Null();
  writer.Undefined();
  writer.Write({.type = Amf0Type::kReference, .reference = 7});
  writer.BeginEcmaArray(99);
  writer.Number("n", 1);
  writer.End();
  writer.BeginStrictArray(2);
  writer.Null();
  writer.BeginStrictArray(0);
  writer.End();
  writer.End();
  writer.Date(1000);
  writer.Write({.type = Amf0Type::kLongString, .text = Bytes(kCommand).subspan(3, 3)});
  writer.Write({.type = Amf0Type::kUnsupported});
  writer.Write({.type = Amf0Type::kXmlDocument, .text = Bytes(kCommand).subspan(3, 3)});
  ASSERT_TRUE(writer.ok());
  EXPECT_EQ(
      Told(writer.values()),
      "number -2.500000; boolean true; string text; object { inner=typed object connect { b=boolean false; } } null; "
      "undefined; reference 7; ECMA array { n=number 1.000000; } strict array { null; strict array { } } "
      "date 1000.000000; long string con; unsupported; XML document con; ");
}

TEST(Amf0Test, WhatComesBeforeAnErrorIsGiven) {
  EXPECT_EQ(Told(Buffer{5, 3, 0, 1, 'a', 1, 1, 0, 1, 'b', 0x11}), "null; object { a=boolean true; amf0: AMF3");
  EXPECT_EQ(Told(Buffer{8, 0, 0, 0, 1, 0, 1, 'a', 5}), "ECMA array { a=null; amf0: truncated");
}

TEST(Amf0Test, TheCountOfAnEcmaArrayIsAHint) {
  EXPECT_EQ(Told(Buffer{8, 0xff, 0xff, 0xff, 0xff, 0, 1, 'a', 5, 0, 0, 9}), "ECMA array { a=null; } ");
  EXPECT_EQ(Told(Buffer{8, 0, 0, 0, 0, 0, 1, 'a', 5, 0, 0, 9}), "ECMA array { a=null; } ");
}

TEST(Amf0Test, APropertyMayHaveNoName) {
  const Buffer bytes = {3, 0, 0, 5, 0, 0, 1, 1, 0, 0, 9};
  EXPECT_EQ(Told(bytes), "object { null; boolean true; } ");
  ByteReader reader(bytes);
  const auto object = Amf0Value::TakeFrom(reader);
  ASSERT_TRUE(object);
  Amf0Value value;
  ASSERT_TRUE(object->Find("", value));
  EXPECT_EQ(value.type(), Amf0Type::kNull);  // the first of two
}

TEST(Amf0Test, PropertiesAreFoundInTheirObjectAndNotInAnother) {
  Buffer out(400);
  Amf0Writer writer(out);
  writer.BeginEcmaArray(3);
  writer.Name("inner");
  writer.BeginObject();
  writer.Number("width", 1);
  writer.End();
  writer.Number("width", 2);
  writer.Boolean("stereo", true);
  writer.String("encoder", std::string(70'000, 'x'));
  writer.End();
  EXPECT_FALSE(writer.ok());  // no room for the long one
  out.resize(71'000);
  writer = Amf0Writer(out);
  writer.BeginEcmaArray(3);
  writer.Name("inner");
  writer.BeginObject();
  writer.Number("width", 1);
  writer.End();
  writer.Number("width", 2);
  writer.Boolean("stereo", true);
  writer.String("encoder", std::string(70'000, 'x'));
  writer.End();
  ASSERT_TRUE(writer.ok());
  ByteReader reader(writer.values());
  const auto array = Amf0Value::TakeFrom(reader);
  ASSERT_TRUE(array);
  EXPECT_EQ(array->bytes().size(), writer.values().size());
  double number = 0;
  bool flag = false;
  Bytes text;
  Amf0Value inner;
  ASSERT_TRUE(array->FindNumber("width", number));
  EXPECT_EQ(number, 2);
  ASSERT_TRUE(array->FindBoolean("stereo", flag));
  EXPECT_TRUE(flag);
  ASSERT_TRUE(array->FindText("encoder", text));
  EXPECT_EQ(text.size(), 70'000u);
  ASSERT_TRUE(array->Find("inner", inner));
  ASSERT_TRUE(inner.FindNumber("width", number));
  EXPECT_EQ(number, 1);
  EXPECT_EQ(inner.bytes().size(), 1u + 2 + 5 + 9 + 3);
  EXPECT_FALSE(inner.FindBoolean("width", flag));
  EXPECT_FALSE(inner.FindText("width", text));
  EXPECT_FALSE(inner.Find("stereo", inner));
  EXPECT_FALSE(Amf0Value().Find("", inner));
  const Buffer strict = {0x0a, 0, 0, 0, 1, 5};
  ByteReader elements(strict);
  EXPECT_FALSE(Amf0Value::TakeFrom(elements)->Find("", inner));
}

TEST(Amf0Test, NumbersOfAllKindsComeBackBitForBit) {
  for (const double number : {0.0, -0.0, 1e308, 5e-324, std::numeric_limits<double>::infinity(), std::nan("")}) {
    std::array<std::uint8_t, 9> out{};
    Amf0Writer writer(out);
    writer.Number(number);
    Amf0Reader reader(writer.values());
    Amf0Event event;
    ASSERT_TRUE(reader.Next(event));
    EXPECT_EQ(std::bit_cast<std::uint64_t>(event.number), std::bit_cast<std::uint64_t>(number));
  }
}

TEST(Amf0Test, WhatMakesNoSenseIsNotWritten) {
  const auto refused = [](auto&& write) {
    Buffer out(200);
    Amf0Writer writer(out);
    write(writer);
    return !writer.ok() && writer.values().empty();
  };
  EXPECT_TRUE(refused([](Amf0Writer& w) { w.End(); }));
  EXPECT_TRUE(refused([](Amf0Writer& w) { w.Name("a"); }));
  EXPECT_TRUE(refused([](Amf0Writer& w) { w.BeginObject(); }));  // not ended
  EXPECT_TRUE(refused([](Amf0Writer& w) { w.BeginObject(), w.Null(), w.End(); }));
  EXPECT_TRUE(refused([](Amf0Writer& w) { w.BeginObject(), w.Name("a"), w.Name("b"), w.Null(), w.End(); }));
  EXPECT_TRUE(refused([](Amf0Writer& w) { w.BeginObject(), w.Name("a"), w.End(); }));
  EXPECT_TRUE(refused([](Amf0Writer& w) { w.BeginStrictArray(1), w.End(); }));
  EXPECT_TRUE(refused([](Amf0Writer& w) { w.BeginStrictArray(1), w.Null(), w.Null(), w.End(); }));
  EXPECT_TRUE(refused([](Amf0Writer& w) { w.BeginStrictArray(1), w.Name("a"), w.Null(), w.End(); }));
  EXPECT_TRUE(refused([](Amf0Writer& w) { w.Write({.type = static_cast<Amf0Type>(9)}); }));
  EXPECT_TRUE(refused([](Amf0Writer& w) { w.BeginObject(), w.String(std::string(70'000, 'n'), "x"), w.End(); }));
  EXPECT_TRUE(refused([](Amf0Writer& w) {
    for (std::size_t i = 0; i <= kAmf0MaxDepth; ++i) w.BeginStrictArray(i == kAmf0MaxDepth ? 0 : 1);
    for (std::size_t i = 0; i <= kAmf0MaxDepth; ++i) w.End();
  }));
  const Buffer large(70'000);
  Buffer out(71'000);
  Amf0Writer writer(out);
  writer.Write({.type = Amf0Type::kString, .text = large});  // that type has 16 bits
  EXPECT_FALSE(writer.ok());
}

TEST(Amf0Test, WhatDoesNotFitIsNotWritten) {
  for (std::size_t room = 0; room < kCommand.size(); ++room) {
    Buffer out(room);
    Amf0Writer writer(out);
    writer.String("connect");
    writer.Number(1);
    writer.BeginObject();
    writer.String("app", "live");
    writer.End();
    EXPECT_FALSE(writer.ok());
    EXPECT_TRUE(writer.values().empty());
  }
}

TEST(Amf0Test, ReadingAndWritingTakeNoHeap) {
  Buffer out(100);
  const mediacore::testing::HeapWatch heap;
  Amf0Writer writer(out);
  Amf0Reader reader(kCommand);
  for (Amf0Event event; reader.Next(event);) {
    if (!event.name.empty()) writer.Name(event.name);
    writer.Write(event);
  }
  EXPECT_TRUE(std::ranges::equal(writer.values(), kCommand));
  EXPECT_EQ(heap.allocations(), 0u);
}

}  // namespace
}  // namespace mediacore::rtmp
