using Microsoft.Playwright;

namespace IncidentActors.Pages.Tests;

/// <summary>What stands where on a page, as it is drawn: on a desk and on a phone.</summary>
[Collection(BrowserTests.Name)]
public sealed class LayoutTests(Browser browser)
{
    private const string Title = "Checkout answers 500 for every third request, only for customers with more than 40 positions in their basket";

    [ChromiumTheory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task Buttons_and_what_opens_keep_their_distance(int width)
    {
        await using var room = await WarRoom.OpenAsync(browser);
        var page = await SitAsync(room, width, await DeclareAsync(room));
        var acknowledge = await BoxAsync(page.Locator("#acknowledge button"));
        var assess = await BoxAsync(page.Locator("#assess-more summary"));
        Assert.InRange(assess.Y - (acknowledge.Y + acknowledge.Height), 8, 24);

        await page.ClickAsync("#assess-more summary");
        var keep = await BoxAsync(page.Locator("#assess button"));
        var resolve = await BoxAsync(page.Locator("#resolve-more summary"));
        Assert.InRange(resolve.Y - (keep.Y + keep.Height), 8, 24);
    }

    [ChromiumFact]
    public async Task On_a_phone_what_can_be_done_stands_before_what_happened()
    {
        await using var room = await WarRoom.OpenAsync(browser);
        var incident = await DeclareAsync(room);
        for (var number = 0; number < 30; number++)
            await room.ToolAsync("@pm", "incident_update", new { incidentId = incident, command = "note", text = $"Support has {number} tickets." });
        var page = await SitAsync(room, 390, incident);
        Assert.True((await BoxAsync(page.Locator("#commands"))).Y < (await BoxAsync(page.Locator("#timeline"))).Y, "the timeline stands before the commands");
        var line = await BoxAsync(page.Locator("#timeline .line-note .md").First);
        Assert.True(line.Width > 280, $"a note has {line.Width} of 390 pixels");

        var desk = await SitAsync(room, 1280, incident);
        Assert.True((await BoxAsync(desk.Locator("#commands"))).X > (await BoxAsync(desk.Locator("#timeline"))).X, "the commands stand beside the timeline");
    }

    [ChromiumFact]
    public async Task A_halt_takes_two_lines_of_a_phone_however_long_its_reason_is()
    {
        await using var room = await WarRoom.OpenAsync(browser);
        var incident = await DeclareAsync(room);
        await room.ToolAsync("@operator", "halt_raise", new { scope = "all", reason = string.Join(' ', Enumerable.Repeat("The cluster is needed.", 30)) });
        var page = await SitAsync(room, 390, incident);
        Assert.InRange((await BoxAsync(page.Locator("#halt-banner .halt"))).Height, 40, 64);
    }

    [ChromiumFact]
    public async Task A_table_in_a_note_breaks_no_word_on_a_phone()
    {
        await using var room = await WarRoom.OpenAsync(browser);
        var incident = await DeclareAsync(room);
        await room.ToolAsync(
            "@pm",
            "incident_update",
            new
            {
                incidentId = incident,
                command = "note",
                text = "| acquirer | timeouts | p95 |\n|---|---|---|\n| Worldline | 2113 | 29.8 |",
            });
        var page = await SitAsync(room, 390, incident);
        var cell = await BoxAsync(page.Locator("#timeline .md th").First);
        Assert.InRange(cell.Height, 10, 40);
    }

    [ChromiumFact]
    public async Task Every_button_of_an_incident_can_be_seen_on_a_phone()
    {
        await using var room = await WarRoom.OpenAsync(browser);
        var page = await SitAsync(room, 390, await DeclareAsync(room));
        foreach (var button in await page.Locator("main button:visible").AllAsync())
        {
            var box = await BoxAsync(button);
            Assert.True(box.X + box.Width <= 390 - 12, $"{await button.InnerTextAsync()} ends at {box.X + box.Width} of 390 pixels");
        }

        var matrix = page.Locator("#mitigate .scroll");
        Assert.Equal(await matrix.EvaluateAsync<int>("e => e.clientWidth"), await matrix.EvaluateAsync<int>("e => e.scrollWidth"));
        Assert.InRange((await BoxAsync(page.Locator(".head h1 > bdi"))).Width, 330, 390);
    }

    [ChromiumFact]
    public async Task On_a_phone_what_waits_for_you_stands_before_what_is_open()
    {
        await using var room = await WarRoom.OpenAsync(browser);
        await room.WaitingAsync();
        var options = new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 390, Height = 900 } };
        var page = await room.SitAsync("@operator", options);
        await page.GotoAsync("/");
        Assert.True((await BoxAsync(page.Locator("#waiting"))).Y < (await BoxAsync(page.Locator("#incidents"))).Y, "the approval stands below the incidents");
    }

    [ChromiumFact]
    public async Task Lines_of_a_note_stay_lines()
    {
        await using var room = await WarRoom.OpenAsync(browser);
        var incident = await DeclareAsync(room);
        await room.ToolAsync("@pm", "incident_update", new { incidentId = incident, command = "note", text = "first line\nsecond line" });
        var page = await SitAsync(room, 1280, incident);
        Assert.Equal("first line\nsecond line", (await page.Locator("#timeline .line-note .md").First.InnerTextAsync()).Trim());
    }

    private static async Task<string> DeclareAsync(WarRoom room) =>
        (await room.ToolAsync("@pm", "incident_declare", new { title = Title, severity = "SEV-2", category = "availability" })).GetProperty("id").GetString()!;

    private static async Task<IPage> SitAsync(WarRoom room, int width, string incident)
    {
        var page = await room.SitAsync("@operator", new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = width, Height = 900 } });
        await page.GotoAsync($"/incidents/{incident}");
        return page;
    }

    private static async Task<LocatorBoundingBoxResult> BoxAsync(ILocator of) =>
        await of.BoundingBoxAsync() ?? throw new InvalidOperationException("it is not drawn");
}
