using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Replays;

/// <summary>
/// One thread of a message log, in its order: agents that call tools, repeat what they are not sure of under the same key, and send again
/// with it what a halt refused.
/// </summary>
internal sealed class Story(ServerUnderTest server, string name, int seed)
{
    private readonly Random random = new(seed);
    private int calls;

    public string Name => name;

    /// <summary>What a halt refused until it was lifted.</summary>
    public int Halted { get; private set; }

    /// <summary>A call that is accepted; now and then it is sent twice, at the same time or after another, and means one.</summary>
    public async Task<JsonElement> OkAsync(string agent, string tool, object arguments)
    {
        var key = Key();
        if (random.Next(3) == 0)
        {
            var both = await Task.WhenAll(SendAsync(agent, tool, arguments, key), SendAsync(agent, tool, arguments, key));
            Assert.Equal(both[0].IsOk().Body, both[1].IsOk().Body);
            Assert.Single(both, reply => reply.Replayed);
        }

        var first = (await SendAsync(agent, tool, arguments, key)).IsOk();
        var again = (await SendAsync(agent, tool, arguments, key)).IsOk();
        Assert.True(again.Replayed);
        Assert.Equal(first.Body, again.Body);
        (await SendAsync(agent, tool, new { atpId = "AT-OTHER", status = "Closed" }, key, "atp_change_status")).Refused(422, "idempotency.key.reused");
        return first.Json;
    }

    public async Task RefusedAsync(int status, string rule, string agent, string tool, object arguments) =>
        (await SendAsync(agent, tool, arguments, Key())).Refused(status, rule);

    /// <summary>Sends the calls of a seed, word for word but for the ATP's id; messages' ids are filled in.</summary>
    public async Task SeedAsync(IEnumerable<SeedCall> calls, string seedAtp, string atp)
    {
        foreach (var call in calls)
        {
            var arguments = JsonNode.Parse(call.Arguments.ToJsonString().Replace(seedAtp, atp, StringComparison.Ordinal))!.AsObject();
            if (arguments.ContainsKey("messageId")) arguments["messageId"] = last;
            var answer = await OkAsync(call.By, call.Tool, arguments);
            if (call.Tool == "message_send") last = answer.Text("messageId");
        }
    }

    private string last = "";

    private string Key() => $"{name}-{++calls}";

    /// <summary>Sends, and while a halt covers it sends again.</summary>
    private async Task<Reply> SendAsync(string agent, string tool, object arguments, string key, string? other = null)
    {
        var body = arguments as JsonObject is { } json ? json.ToJsonString() : JsonSerializer.Serialize(arguments, JsonSerializerOptions.Web);
        Reply? reply = null;
        await Eventually.TrueAsync(
            async () =>
            {
                reply = await server.PostAsync($"/api/tools/{other ?? tool}", agent, body, key, $"{name}{agent}");
                if ((int)reply.Status != 423) return true;
                reply.Refused(423, "halt.covers");
                Halted++;
                return false;
            },
            $"the lift of a halt over {name}");
        return reply!;
    }
}

internal sealed record SeedCall(string By, string Tool, JsonObject Arguments)
{
    public static SeedCall[] Of(string file) =>
        JsonSerializer.Deserialize<SeedCall[]>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Http", "Seeds", file)), JsonSerializerOptions.Web)!;
}
