using System.Globalization;
using System.Text;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Messages;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Storage.Tests;

/// <summary>Turns and their parts, with everything that a fact does not care about filled in.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    public static ActorId Atp(int number) => ActorId.Atp(string.Create(CultureInfo.InvariantCulture, $"AT-{number:0000}"));

    public static ReadOnlyMemory<byte> Json(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);

    public static Append Append(ActorId actor, long expected, int events = 1, DocumentIndex? index = null) => new(
        actor, expected,
        [.. Enumerable.Range(1, events).Select(i => new EventRecord("atp.worked.v1", Json($$"""{"n":{{expected + i}}}""")))],
        Json($$"""{"id":"{{actor.Key}}","version":{{expected + events}}}"""), index ?? new DocumentIndex("WORK", Open: true));

    /// <summary>Consumes, writes or claims something without touching an actor.</summary>
    public static TurnRecord Turn() => new() { At = Noon, By = "@dev" };

    public static TurnRecord Turn(ActorId actor, long expected, int events = 1, DocumentIndex? index = null) =>
        Turn() with { Appends = [Append(actor, expected, events, index)] };

    public static EffectRecord Effect(string id, DateTimeOffset? due = null, bool clock = false) => new(
        id, Atp(1), Json("""{"command":"ring"}"""), due ?? Noon, due ?? Noon, null, clock);

    public static MessageRecord Message(string id, string to, Priority priority = Priority.P2, int minute = 0) => new(
        id, to, "@pm", "AT-0001", null, MessageType.Directive, priority, "Look at it", "Now.", RequiresAck: true, Noon.AddMinutes(minute));

    public static HaltRecord HaltOf(HaltScope scope, string id = "HALT-1") => new(id, scope, "drill", "@pm", null, SparesUrgent: false, Noon);

    /// <summary>The turn of the halt's own actor that raises it, or lifts it at version 1.</summary>
    public static TurnRecord Raising(HaltRecord halt, long expected = 0) => Turn(ActorId.Halt(halt.Id), expected) with { Halts = [halt] };
}
