using System.Net.Http.Json;
using System.Text.Json;
using IncidentActors.Testing;
using Microsoft.Playwright;

namespace IncidentActors.Pages.Tests;

/// <summary>A real server with a journal of its own, people at their browsers, and agents that use HTTP.</summary>
public sealed class WarRoom : IAsyncDisposable
{
    private readonly Browser browser;
    private readonly ServerProcess server;
    private readonly string data;
    private readonly List<IBrowserContext> windows = [];

    private WarRoom(Browser browser)
    {
        this.browser = browser;
        data = Directory.CreateTempSubdirectory("incident-pages-").FullName;
        server = new ServerProcess("--data", data);
    }

    public HttpClient Client => server.Client;
    public int Port => server.Port;
    public string Address => $"http://127.0.0.1:{server.Port}";

    public static async Task<WarRoom> OpenAsync(Browser browser)
    {
        var room = new WarRoom(browser);
        await room.server.StartAsync();
        return room;
    }

    /// <summary>A page in a window of its own, signed in as the handle; null: nobody.</summary>
    public async Task<IPage> SitAsync(string? handle, BrowserNewContextOptions? options = null, string? address = null)
    {
        options ??= new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1280, Height = 900 } };
        options.BaseURL = address ?? Address;
        var window = await browser.WindowAsync(options);
        windows.Add(window);
        var page = await window.NewPageAsync();
        if (handle is null) return page;
        await page.GotoAsync("/signin");
        await page.Locator("select[name=handle]").SelectOptionAsync(handle);
        await page.ClickAsync("main form button.primary");
        await Assertions.Expect(page.Locator(".who")).ToContainTextAsync(handle);
        return page;
    }

    /// <summary>Uses a tool as an agent does; the answer.</summary>
    public async Task<JsonElement> ToolAsync(string agent, string tool, object arguments)
    {
        using var answer = await server.SendAsync(() => new HttpRequestMessage(HttpMethod.Post, $"/api/tools/{tool}")
        {
            Content = JsonContent.Create(arguments), Headers = { { "X-Agent", agent } },
        });
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{tool} by {agent}: {answer.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement.Clone();
    }

    /// <summary>A SEV-1 with its emergency ATP; their ids.</summary>
    public async Task<(string Incident, string Atp)> EmergencyAsync(string title = "Payment gateway returns 500 errors")
    {
        var incident = await ToolAsync(
            "@pm",
            "incident_declare",
            new
            {
                title,
                severity = "SEV-1",
                category = "financial",
                description = "All cards fail since 14:02.",
                labels = new { service = "payments" },
            });
        return (incident.GetProperty("id").GetString()!, incident.GetProperty("atps")[0].GetString()!);
    }

    /// <summary>An emergency whose fix waits for the approval to deploy; the approval's id.</summary>
    public async Task<(string Incident, string Atp, string Approval)> WaitingAsync(
        string title = "Payment gateway returns 500 errors", string done = "Pool size raised")
    {
        var (incident, atp) = await EmergencyAsync(title);
        var messages = await JsonAsync("/api/agents/@dev/inbox");
        var directive = messages.GetProperty("messages").EnumerateArray().First(message => message.GetProperty("atpId").GetString() == atp);
        await ToolAsync("@dev", "message_ack", new { messageId = directive.GetProperty("id").GetString() });
        var handed = await ToolAsync(
            "@dev",
            "handoff",
            new { atpId = atp, toAgent = "@pm", completedWork = done, pendingWork = "Deploy it", evidence = "Error rate 0.1 %" });
        return (incident, atp, handed.GetProperty("approvals").EnumerateArray().Last().GetProperty("id").GetString()!);
    }

    public async Task<JsonElement> JsonAsync(string path) => JsonDocument.Parse(await server.GetStringAsync(path)).RootElement.Clone();

    public async ValueTask DisposeAsync()
    {
        foreach (var window in windows) await window.DisposeAsync();
        await server.DisposeAsync();
        Directory.Delete(data, recursive: true);
    }
}
