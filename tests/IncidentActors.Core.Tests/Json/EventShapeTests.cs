using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Json;
using IncidentActors.Testing;

namespace IncidentActors.Core.Tests.Json;

/// <summary>Invariant 8: what was ever written can be read for ever. One file per event and version; a file is never changed or removed.</summary>
public class EventShapeTests
{
    public static TheoryData<string> Names => [.. EventTypes.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_event_that_was_ever_written_is_read_as_it_was_written(string name)
    {
        if (!Golden.Files("Events").Contains($"{name}.json"))
            Golden.Equal($"Events/{name}.json", Indented(EventTypes.Write((IEvent)Samples.Of(EventTypes.TypeOf(name)))));
        var written = Golden.Read($"Events/{name}.json");
        var read = EventTypes.Read(name, System.Text.Encoding.UTF8.GetBytes(written));
        Assert.Equal(name, EventTypes.NameOf(read));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(written), JsonNode.Parse(EventTypes.Write(read))),
            $"{name} is written in another shape; give the new shape a new version:\n{Indented(EventTypes.Write(read))}");
    }

    [Fact]
    public void No_event_is_forgotten() =>
        Assert.Empty(Golden.Files("Events").Select(file => file[..^".json".Length]).Except(EventTypes.Names));

    [Fact]
    public void Names_are_literal_and_versioned() =>
        Assert.All(EventTypes.Names, name => Assert.Matches("^[a-z]+\\.[a-z-]+\\.v[1-9][0-9]*$", name));

    [Theory]
    [InlineData("incident.declared.v99")]
    [InlineData("incident.declared")]
    [InlineData("")]
    public void An_unknown_version_fails_loudly(string name) =>
        Assert.Contains($"'{name}'", Assert.Throws<UnknownEventException>(() => EventTypes.Read(name, "{}"u8)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"severity\":\"worst\"}")]
    [InlineData("{")]
    public void A_payload_of_another_shape_fails_loudly(string payload) =>
        Assert.Throws<JsonException>(() => EventTypes.Read("incident.declared.v1", System.Text.Encoding.UTF8.GetBytes(payload)));

    private static string Indented(byte[] json) => JsonNode.Parse(json)!.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";
}
