using System.Net;
using System.Text.Json;
using IncidentActors.Server.Deliveries;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Deliveries;

/// <summary>Seeds 002 and 003 print the paths of files; they are written below a folder, or delivered.</summary>
public sealed class ReportFilesTests
{
    [Fact]
    public async Task The_files_are_at_the_printed_paths_after_a_restart_too_and_the_chatroom_holds_each_block_once()
    {
        var folder = Directory.CreateTempSubdirectory("reports-").FullName;
        var data = Directory.CreateTempSubdirectory("reports-data-").FullName;
        string Text(string path) => File.Exists(Path.Combine(folder, path)) ? File.ReadAllText(Path.Combine(folder, path)) : "";
        string id, chatroom;
        await using (var server = await StartAsync(data, folder))
        {
            id = (await server.DeclareAsync("SEV-2", "Search is down")).Text("id");
            (await server.PostAsync($"/api/incidents/{id}/labels", "@pm", new { labels = new { sprint = "12" } })).IsOk();
            var block = (await server.GetAsync($"/api/incidents/{id}/report?form=chatroom")).Body.TrimEnd();
            await Eventually.TrueAsync(() => Text("chatroom.md").Contains(block, StringComparison.Ordinal), "the chatroom's block");
            var report = $"docs/sprints/sprint-12/logs/Incident-Report-{id}.md";
            await Eventually.TrueAsync(() => Text(report).Contains("Search is down", StringComparison.Ordinal), "the report");
            Assert.Contains($"[PAYLOAD_PATH]: .tmp/incidents/{id}.md", block, StringComparison.Ordinal);
            Assert.StartsWith($"# Incident Report: {id}", Text($".tmp/incidents/{id}.md"), StringComparison.Ordinal);
            chatroom = Text("chatroom.md");
        }

        File.Delete(Path.Combine(folder, ".tmp", "incidents", ".cursor"));
        await using (var server = await StartAsync(data, folder))
        {
            (await server.PostAsync($"/api/incidents/{id}/cancel", "@pm", new { reason = "a test of the monitor" })).IsOk();
            await Eventually.TrueAsync(() => Text("chatroom.md").Contains("[CURRENT_STATE]: UNBLOCKED", StringComparison.Ordinal), "the last block");
            Assert.StartsWith(chatroom, Text("chatroom.md"), StringComparison.Ordinal);
            Assert.Equal(2, Text("chatroom.md").Split("[TASK_ID]").Length - 1);
        }

        Directory.Delete(folder, recursive: true);
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task A_subscription_of_files_is_sent_the_texts_beside_their_paths()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var server = await ServerUnderTest.StartAsync(change: options => options with { Deliveries = new DeliveryOptions { AllowPrivate = true } });
        (await server.PostAsync("/api/webhooks", "@operator", new { url = receiver.Url, events = new[] { "incident.declared" }, format = "files" }))
            .Is(HttpStatusCode.Created);
        var id = (await server.DeclareAsync("SEV-2", "Search is down")).Text("id");
        await Eventually.TrueAsync(() => receiver.Taken.Any(), "the delivery");
        var body = JsonDocument.Parse(Assert.Single(receiver.Taken).Body).RootElement;
        Assert.Equal("incident.declared.v1", body.Text("type"));
        var files = body.List("files");
        Assert.Equal([$".tmp/incidents/{id}.md", "chatroom.md"], files.Select(file => file.Text("path")));
        Assert.Contains("[CURRENT_STATE]: BLOCKED", files[1].Text("content"), StringComparison.Ordinal);
        Assert.Equal([false, true], files.Select(file => file.GetProperty("append").GetBoolean()));
    }

    private static Task<ServerUnderTest> StartAsync(string data, string folder) =>
        ServerUnderTest.StartAsync(change: options => options with { Data = data, Reports = folder });
}
