using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IncidentActors.Server.Tests.Http;

/// <summary>Problem details of every kind, as clients see them. To renew the file, delete it and copy what the test writes beside it.</summary>
public sealed class ProblemGoldenTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task Problems_look_as_they_always_did()
    {
        var time = TestClock.Start();
        var seeds = 0;
        await using var server = await ServerUnderTest.StartAsync(options => options with { Time = time, Node = "test", Seeds = () => $"{++seeds:D5}AAA" });
        (await server.PostAsync("/api/tools/atp_create", "@dev", new { title = "Tidy", owner = "@dev" }, key: "k")).IsOk();
        var atp = (await server.GetAsync("/api/atps")).Items()[0].Text("id");
        var replies = new List<(string What, Reply Reply)>
        {
            ("400 caller.missing", await server.PostAsync("/api/incidents", null, new { title = "x", severity = "P2" })),
            ("400 argument.unknown", await server.PostAsync("/api/tools/atp_get", "@dev", new { id = "x" })),
            ("400 argument.malformed", await server.PostAsync("/api/incidents", "@dev", new { title = "x", severity = "P9" })),
            ("403 halt.role", await server.PostAsync("/api/halts", "@dev", new { scope = "all", reason = "x" })),
            ("404 atp.unknown", await server.GetAsync("/api/atps/AT-0")),
            ("409 atp.transition.unknown", await server.PostAsync("/api/tools/atp_change_status", "@dev", new { atpId = atp, status = "Deployed" })),
            ("422 idempotency.key.reused", await server.PostAsync("/api/tools/atp_create", "@dev", new { title = "Untidy" }, key: "k")),
        };
        (await server.PostAsync("/api/halts", "@operator", new { scope = "agent:@dev", reason = "stop" })).Is(System.Net.HttpStatusCode.Created);
        replies.Add(("423 halt.covers", await server.PostAsync("/api/tools/atp_create", "@dev", new { title = "More" })));
        await server.Server.Engine.Journal.DisposeAsync();
        replies.Add(("503 server.unavailable", await server.PostAsync("/api/tools/atp_create", "@qa", new { title = "More" })));

        var golden = new JsonObject();
        foreach (var (what, reply) in replies)
        {
            Assert.Equal("application/problem+json", reply.MediaType);
            var problem = JsonNode.Parse(reply.Body)!.AsObject();
            if (problem["current"] is JsonObject current)
                problem["current"] = new JsonObject { ["id"] = current["id"]!.DeepClone(), ["status"] = current["status"]!.DeepClone() };
            golden[what] = problem;
        }

        var written = golden.ToJsonString(Indented) + "\n";
        var file = Path.Combine(AppContext.BaseDirectory, "Http", "Golden", "problems.json");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file + ".new", written);
        Assert.Equal(File.Exists(file) ? await File.ReadAllTextAsync(file) : "", written);
    }
}
