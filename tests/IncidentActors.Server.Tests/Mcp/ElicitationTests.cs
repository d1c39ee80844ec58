using System.Text.Json;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Server.Tests.Node;

namespace IncidentActors.Server.Tests.Mcp;

/// <summary>A person is asked where the client says that it can; where it does not, the model is told what is missing.</summary>
public sealed class ElicitationTests
{
    [NodeTheory]
    [InlineData("http")]
    [InlineData("stdio")]
    public async Task The_person_at_the_client_decides_or_nothing_is_changed(string transport)
    {
        await using var server = await ServerUnderTest.StartAsync();
        (await server.PostAsync("/api/tools/atp_set", "@pm", new { atpId = "AT-EMRG-01", status = "InProgress", agent = "@pm", notes = "SEV-1: down" })).IsOk();
        (await server.PostAsync(
            "/api/tools/handoff",
            "@dev",
            new
            {
                atpId = "AT-EMRG-01", toAgent = "@pm", completedWork = "Fixed", pendingWork = "Approve", evidence = "Tests pass",
            })).IsOk();
        var approval = (await server.GetAsync("/api/approvals?state=open")).Items().Single();
        var output = await NodePackages.RunAsync(
            "mcp-elicit.mjs", transport, server.Address.ToString(), AppContext.BaseDirectory.TrimEnd('/'), approval.Text("id"));
        var said = JsonDocument.Parse(output).RootElement;

        Assert.StartsWith("Refused by argument.missing", said.GetProperty("cannotAsk").Text("text"), StringComparison.Ordinal);
        Assert.StartsWith("Refused by approval.undecided", said.GetProperty("declined").Text("text"), StringComparison.Ordinal);
        var asked = said.GetProperty("chosen").GetProperty("asked");
        Assert.StartsWith(approval.Text("question"), asked.Text("message"), StringComparison.Ordinal);
        Assert.Equal(
            approval.List("options").Select(option => option.Text("id")),
            asked.GetProperty("requestedSchema").GetProperty("properties").GetProperty("option").List("oneOf").Select(option => option.Text("const")));
        Assert.True(said.GetProperty("chosen").Text("text").Contains(" is approved", StringComparison.Ordinal), output);
        var decided = (await server.GetAsync($"/api/approvals/{approval.Text("id")}")).IsOk().Json;
        Assert.Equal(("approved", "@pm", "looked at it"), (decided.Text("status"), decided.Text("decidedBy"), decided.Text("note")));
    }
}
