using System.Net;
using System.Text.Json;
using IncidentActors.Server.Deliveries;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Deliveries;

/// <summary>What people are notified of in Slack and Teams, as it arrives there: each notice leads to where it is decided or seen.</summary>
public sealed class TemplateTests
{
    private const string Public = "https://incidents.example.com";

    [Fact]
    public async Task Slack_gets_blocks_with_buttons_and_nobodys_text_makes_a_mention()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var server = await StartAsync(receiver, "slack");
        var (incident, approval) = await AskAsync(server);
        var notices = await NoticesAsync(receiver, "blocks");

        var question = notices.Single(notice => notice.Text("text").Contains("Approval needed: SEV-1: &lt;!channel&gt; down", StringComparison.Ordinal));
        var blocks = question.List("blocks");
        Assert.Equal(["header", "section", "section", "actions"], blocks.Select(block => block.Text("type")));
        var buttons = blocks[3].List("elements");
        Assert.Equal(
            [("Decide", $"{Public}/approvals/{approval}"), ($"Open {incident}", $"{Public}/incidents/{incident}")],
            buttons.Select(button => (button.GetProperty("text").Text("text"), button.Text("url"))));
        var text = blocks[1].GetProperty("text").Text("text");
        Assert.All(
            ["Deploy", "Done: Fixed", "Pending: Approve", "Evidence: Tests pass", "Recommended: deploy"],
            part => Assert.Contains(part, text, StringComparison.Ordinal));
        Assert.Contains(blocks[2].List("fields"), field => field.Text("text").StartsWith("*Digest of the content to approve*", StringComparison.Ordinal));
        var texts = notices.Select(notice => notice.Text("text")).Concat(notices.SelectMany(notice => Marked(notice.GetProperty("blocks")))).ToList();
        Assert.Contains(texts, text => text.Contains("&lt;!channel&gt; down", StringComparison.Ordinal));
        Assert.All(texts, text => Assert.DoesNotContain("<!channel>", text, StringComparison.Ordinal));
    }

    /// <summary>Slack refuses a message with one text that is too long, and counts what it is after escaping.</summary>
    [Theory]
    [InlineData("<div>&nbsp;</div>")]
    [InlineData("&")]
    [InlineData("👩‍👩‍👧‍👦&")]
    public async Task Slacks_limits_hold_after_escaping_at_whole_characters(string part)
    {
        await using var receiver = await Receiver.StartAsync();
        await using var server = await StartAsync(receiver, "slack");
        var text = string.Concat(Enumerable.Repeat(part, 3000))[..3000];
        var declared = new { title = text[..290].TrimEnd('\ud83d'), severity = "SEV-2", description = text.TrimEnd('\ud83d') };
        (await server.PostAsync("/api/incidents", "@pm", declared)).Is(HttpStatusCode.Created);
        await Eventually.TrueAsync(() => Task.FromResult(receiver.Taken.Count() > 1), "notices");
        foreach (var notice in receiver.Taken.Select(one => JsonDocument.Parse(one.Body).RootElement))
        {
            foreach (var block in notice.List("blocks"))
            {
                var limit = block.Text("type") == "header" ? 150 : 3000;
                if (block.TryGetProperty("text", out var section)) Assert.InRange(section.Text("text").Length, 1, limit);
                if (block.TryGetProperty("fields", out var fields))
                    Assert.All(fields.EnumerateArray(), field => Assert.InRange(field.Text("text").Length, 1, 2000));
            }

            foreach (var marked in Marked(notice.GetProperty("blocks")))
            {
                Assert.DoesNotMatch("&(?!amp;|lt;|gt;)", marked);
                Assert.False(marked.Length > 1 && char.IsHighSurrogate(marked[^2]) && marked[^1] == '…');
            }
        }
    }

    [Fact]
    public async Task Teams_gets_an_adaptive_card_with_the_same_links()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var server = await StartAsync(receiver, "teams");
        var (incident, approval) = await AskAsync(server);
        var notices = await NoticesAsync(receiver, "attachments");

        var cards = notices.Select(notice => notice.List("attachments").Single()).ToList();
        Assert.All(cards, card => Assert.Equal("application/vnd.microsoft.card.adaptive", card.Text("contentType")));
        var question = cards.Select(card => card.GetProperty("content"))
            .Single(card => card.List("body")[0].Text("text").StartsWith("Approval needed: SEV-1: <!channel> down", StringComparison.Ordinal));
        Assert.Equal(("AdaptiveCard", "1.4"), (question.Text("type"), question.Text("version")));
        Assert.Equal(["TextBlock", "TextBlock", "FactSet"], question.List("body").Select(block => block.Text("type")));
        Assert.Equal(
            [("Action.OpenUrl", $"{Public}/approvals/{approval}"), ("Action.OpenUrl", $"{Public}/incidents/{incident}")],
            question.List("actions").Select(action => (action.Text("type"), action.Text("url"))));
    }

    /// <summary>What Slack looks for marks in; it takes plain text as it is.</summary>
    private static IEnumerable<string> Marked(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Marked),
        JsonValueKind.Object when json.TryGetProperty("type", out var type) && type.ValueEquals("mrkdwn") => [json.Text("text")],
        JsonValueKind.Object => json.EnumerateObject().SelectMany(property => Marked(property.Value)),
        _ => [],
    };

    private static Task<ServerUnderTest> StartAsync(Receiver receiver, string format) => SubscribedAsync(
        ServerUnderTest.StartAsync(
            change: options => options with { Deliveries = new DeliveryOptions { AllowPrivate = true, PublicUrl = new Uri(Public) } }),
        receiver,
        format);

    private static async Task<ServerUnderTest> SubscribedAsync(Task<ServerUnderTest> starting, Receiver receiver, string format)
    {
        var server = await starting;
        (await server.PostAsync("/api/webhooks", "@operator", new { url = receiver.Url, format })).Is(HttpStatusCode.Created);
        return server;
    }

    /// <summary>An emergency up to the question whether its fix may go out.</summary>
    private static async Task<(string Incident, string Approval)> AskAsync(ServerUnderTest server)
    {
        var atp = (await server.PostAsync(
            "/api/tools/atp_set",
            "@pm",
            new { atpId = "AT-EMRG-01", status = "InProgress", agent = "@pm", notes = "SEV-1: <!channel> down" })).IsOk().Json;
        (await server.PostAsync(
            "/api/tools/handoff",
            "@dev",
            new
            {
                atpId = "AT-EMRG-01", toAgent = "@pm", completedWork = "Fixed", pendingWork = "Approve", evidence = "Tests pass",
            })).IsOk();
        return (atp.Text("incidentId"), (await server.GetAsync("/api/approvals?state=open")).Items().Single().Text("id"));
    }

    private static async Task<List<JsonElement>> NoticesAsync(Receiver receiver, string part)
    {
        await Eventually.TrueAsync(
            () => receiver.Taken.Any(one => one.Body.Contains("Approval needed", StringComparison.Ordinal)),
            "the question's delivery");
        var notices = receiver.Taken.Select(one => JsonDocument.Parse(one.Body).RootElement).ToList();
        Assert.All(notices, notice => Assert.True(notice.TryGetProperty(part, out _)));
        return notices;
    }
}
