using System.Net;
using IncidentActors.Core.Permits;
using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Permits;

/// <summary>By when a halt says that the last outside action must have ended.</summary>
public sealed class PermitBoundTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("incident-bound-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task After_a_restart_with_shorter_permits_the_answer_to_a_raise_counts_those_that_are_longer()
    {
        DateTimeOffset until;
        await using (var before = await StartAsync(seconds: 3000))
        {
            var granted = await before.PostAsync("/api/permits", "@sre", new { action = "deploy" });
            until = granted.Is(HttpStatusCode.Created).Json.GetProperty("until").GetDateTimeOffset();
        }

        await using var after = await StartAsync(seconds: 10);
        var raised = await after.PostAsync("/api/halts", "@operator", new { scope = "all", reason = "drill" });
        var permits = raised.Is(HttpStatusCode.Created).Json.GetProperty("permits");
        Assert.InRange(permits.GetProperty("mustEndBy").GetDateTimeOffset(), until, DateTimeOffset.MaxValue);
    }

    private Task<ServerUnderTest> StartAsync(int seconds) => ServerUnderTest.StartAsync(
        engine => engine with { Permits = PermitsYaml.Parse($"seconds: {seconds}\nrules: [{{action: \"*\", decision: allow}}]\n", "permits.yaml") },
        options => options with { Data = folder });
}
