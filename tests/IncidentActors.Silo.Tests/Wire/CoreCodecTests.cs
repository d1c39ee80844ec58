using System.Text;
using System.Text.Json;
using IncidentActors.Behaviour;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Json;
using IncidentActors.Silo.Wire;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace IncidentActors.Silo.Tests.Wire;

/// <summary>What is sent is what arrives.</summary>
public sealed class CoreCodecTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly Serializer wire = new ServiceCollection().AddCoreSerialization().BuildServiceProvider().GetRequiredService<Serializer>();

    [BehaviourFact]
    public void An_acceptance_keeps_its_answer_to_the_byte_and_who_hands_it_on_does_not_read_it()
    {
        var written = Encoding.UTF8.GetBytes("""{ "id":"AT-1", "closedAt":null, "title":"<Ü+>" }""");
        var handedOn = Travelled(Travelled<Outcome>(new Accepted(() => written, version: 7, replayed: true, position: 9)));

        var accepted = Assert.IsType<Accepted>(handedOn);
        Assert.Equal(written, accepted.AnswerWritten.ToArray());
        Assert.Equal("<Ü+>", accepted.Answer.GetProperty("title").GetString());
        Assert.Equal((7, true, 9), (accepted.Version, accepted.Replayed, accepted.Position));

        var unreadable = Travelled<Outcome>(new Accepted(() => "{ no JSON"u8.ToArray(), version: 1));
        Assert.Equal("{ no JSON"u8.ToArray(), Assert.IsType<Accepted>(unreadable).AnswerWritten.ToArray());
    }

    [BehaviourFact]
    public void A_refusal_keeps_all_that_it_says()
    {
        var halt = new HaltNotice("HLT-1", HaltScope.All, "seen", "@operator", Noon, "INC-1");
        Outcome[] refusals =
        [
            new Rejected("atp.unknown", "There is no ATP AT-9.", ["atp_list"]) { Kind = RejectionKind.Unknown },
            new Rejected("halted", "Halted.") { Kind = RejectionKind.Halted, Halt = halt },
            new Rejected("atp.conflict", "It moved on.") { Kind = RejectionKind.Conflict, Current = JsonElement.Parse("""{"status":null}""") },
            new Unavailable("Come again.", TimeSpan.FromSeconds(3), Known: true),
        ];

        Assert.All(refusals, refusal => Assert.Equal(Json(refusal), Json(Travelled(refusal))));
    }

    [BehaviourFact]
    public void A_command_and_a_call_arrive_as_they_were_and_no_name_of_a_type_is_sent()
    {
        AtpCommand set = new SetAtp(Notes: "note");
        var call = new Call { At = Noon, By = "@dev", Seed = "00001AAA", Roles = ["dev"], Trace = "00-1" };

        Assert.Equal(Json(set), Json(Travelled(set)));
        Assert.Equal(Json(call), Json(Travelled(call)));
        Assert.Null(Travelled<AtpView?>(null));
        Assert.All(
            new[] { wire.SerializeToArray(set), wire.SerializeToArray(call) },
            sent => Assert.DoesNotContain(nameof(IncidentActors), Encoding.UTF8.GetString(sent), StringComparison.Ordinal));
    }

    private T Travelled<T>(T value) => wire.Deserialize<T>(wire.SerializeToArray(value))!;

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, CoreJson.Views.GetTypeInfo(typeof(T)));
}
