using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using IncidentActors.Testing;

namespace IncidentActors.Pages.Tests;

/// <summary>Who is let in, by which cookie, and that no page of elsewhere can use it.</summary>
[Slow]
public sealed partial class SigningInTests
{
    private static readonly Browser None = new();

    [Fact]
    public async Task A_token_is_shown_once_and_kept_in_a_strict_cookie_for_pages_only()
    {
        await using var room = await WarRoom.OpenAsync(None);
        var (_, root) = await TokenAsync(room, "@operator", null);
        var (id, secret) = await TokenAsync(room, "@pm", root);
        using var person = new Person(room.Port);
        using (var away = await person.GetAsync("/halts?scope=all"))
        {
            Assert.Equal(HttpStatusCode.SeeOther, away.StatusCode);
            Assert.Equal("/signin?return=%2Fhalts%3Fscope%3Dall", away.Headers.Location!.OriginalString);
        }

        using (var wrong = await person.SignInAsync("token", "ia_0000000000_" + new string('0', 64)))
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        using (var picked = await person.SignInAsync("handle", "@operator")) Assert.Equal(HttpStatusCode.Unauthorized, picked.StatusCode);
        using (var right = await person.SignInAsync("token", secret, "/inbox"))
        {
            Assert.Equal(HttpStatusCode.SeeOther, right.StatusCode);
            Assert.Equal("/inbox", right.Headers.Location!.OriginalString);
            var cookie = Assert.Single(right.Headers.GetValues("Set-Cookie"));
            Assert.Contains("; httponly", cookie, StringComparison.Ordinal);
            Assert.Contains("; samesite=strict", cookie, StringComparison.Ordinal);
        }

        Assert.Contains("Inbox of @pm", await person.ReadAsync("/inbox"), StringComparison.Ordinal);
        using (var api = await person.GetAsync("/api/halts")) Assert.Equal(HttpStatusCode.Unauthorized, api.StatusCode);

        using var revoke = new HttpRequestMessage(HttpMethod.Post, $"/api/tokens/{id}/revoke") { Content = JsonContent.Create(new { }) };
        revoke.Headers.Authorization = new("Bearer", root);
        using (var revoked = await room.Client.SendAsync(revoke)) Assert.True(revoked.IsSuccessStatusCode, await revoked.Content.ReadAsStringAsync());
        using (var gone = await person.GetAsync("/inbox")) Assert.Equal(HttpStatusCode.SeeOther, gone.StatusCode);
        using (var again = await person.SignInAsync("token", secret))
            Assert.Contains("revoked", await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stranger_is_told_nothing()
    {
        await using var room = await WarRoom.OpenAsync(None);
        await room.EmergencyAsync("Secret outage");
        await TokenAsync(room, "@operator", null);
        using var stranger = new Person(room.Port);
        using (var picked = await stranger.SignInAsync("handle", "@operator")) Assert.Equal(HttpStatusCode.Unauthorized, picked.StatusCode);
        var page = await stranger.ReadAsync("/signin");
        Assert.DoesNotContain("Secret outage", page, StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"halt\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<option", page, StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/signin");
        request.Headers.Add("Cookie", "incident-visitor=@operator~0123456789abcdef");
        using var claimed = await room.Client.SendAsync(request);
        Assert.DoesNotContain("You are @operator", await claimed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_for_looking_changes_nothing_by_pages_either()
    {
        await using var room = await WarRoom.OpenAsync(None);
        var (incident, _) = await room.EmergencyAsync();
        var (_, root) = await TokenAsync(room, "@operator", null);
        var (_, secret) = await TokenAsync(room, "@looker", root, readOnly: true);
        using var person = new Person(room.Port);
        using (var right = await person.SignInAsync("token", secret)) Assert.Equal(HttpStatusCode.SeeOther, right.StatusCode);
        var form = await person.FormAsync($"/incidents/{incident}", "note");
        form["text"] = "I only look";
        using var refused = await person.PostAsync($"/incidents/{incident}", form);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        var page = await refused.Content.ReadAsStringAsync();
        Assert.Contains("token.read-only", page, StringComparison.Ordinal);
        Assert.Contains("I only look</textarea>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_from_elsewhere_or_with_another_token_changes_nothing()
    {
        await using var room = await WarRoom.OpenAsync(None);
        var (incident, _) = await room.EmergencyAsync();
        using var person = new Person(room.Port);
        using var other = new Person(room.Port);
        foreach (var one in new[] { person, other })
        {
            using var right = await one.SignInAsync("handle", "@pm");
            Assert.Equal(HttpStatusCode.SeeOther, right.StatusCode);
        }

        var path = $"/incidents/{incident}";
        var form = await person.FormAsync(path, "note");
        form["text"] = "Forged";
        using (var elsewhere = await person.PostAsync(path, form, ("Origin", "http://127.0.0.1:1")))
            Assert.Equal(HttpStatusCode.Forbidden, elsewhere.StatusCode);
        using (var foreign = await person.PostAsync(path, form, ("Sec-Fetch-Site", "cross-site"))) Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        using (var stolen = await other.PostAsync(path, form)) Assert.Equal(HttpStatusCode.Forbidden, stolen.StatusCode);
        using (var bare = await person.PostAsync(path, new(form) { ["_token"] = "" })) Assert.Equal(HttpStatusCode.Forbidden, bare.StatusCode);
        Assert.DoesNotContain("Forged", await person.ReadAsync(path + "?show=note"), StringComparison.Ordinal);

        using (var first = await person.PostAsync(path, form)) Assert.Equal(HttpStatusCode.SeeOther, first.StatusCode);
        using (var twice = await person.PostAsync(path, form)) Assert.Equal(HttpStatusCode.SeeOther, twice.StatusCode);
        Assert.Single(Regex.Matches(await person.ReadAsync(path + "?show=note"), "<p>Forged</p>"));
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("https://evil.example/")]
    public async Task Signing_in_leads_to_pages_of_this_server_only(string back)
    {
        await using var room = await WarRoom.OpenAsync(None);
        using var person = new Person(room.Port);
        using var right = await person.SignInAsync("handle", "@pm", back);
        Assert.Equal("/", right.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Pages_allow_no_inline_script_and_have_none()
    {
        await using var room = await WarRoom.OpenAsync(None);
        var pages = await PagesUnderTest.FillAsync(room);
        using var person = new Person(room.Port);
        using (var right = await person.SignInAsync("handle", "@operator")) Assert.Equal(HttpStatusCode.SeeOther, right.StatusCode);
        foreach (var (name, path) in pages.All)
        {
            using var answer = await person.GetAsync(path);
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            var html = await answer.Content.ReadAsStringAsync();
            Assert.True(!Inline().IsMatch(html), $"{name}: {Inline().Match(html).Value}");
        }
    }

    [Fact]
    public async Task Style_and_script_are_sent_once()
    {
        await using var room = await WarRoom.OpenAsync(None);
        using var person = new Person(room.Port);
        var page = await person.ReadAsync("/");
        foreach (Match asset in Regex.Matches(page, "/assets/[^\"]+"))
        {
            using var first = await person.GetAsync(asset.Value);
            Assert.Contains("immutable", first.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
            using var again = new HttpRequestMessage(HttpMethod.Get, asset.Value);
            again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
            using var answer = await room.Client.SendAsync(again);
            Assert.Equal(HttpStatusCode.NotModified, answer.StatusCode);
        }
    }

    [Fact]
    public async Task The_theme_is_kept()
    {
        await using var room = await WarRoom.OpenAsync(None);
        using var person = new Person(room.Port);
        using (var changed = await person.PostAsync("/theme", new() { ["theme"] = "dark", ["_then"] = "/halts" }))
            Assert.Equal("/halts", changed.Headers.Location!.OriginalString);
        Assert.Contains("data-theme=\"dark\"", await person.ReadAsync("/"), StringComparison.Ordinal);
    }

    private static async Task<(string Id, string Secret)> TokenAsync(WarRoom room, string handle, string? by, bool readOnly = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/tokens") { Content = JsonContent.Create(new { handle, readOnly }) };
        if (by is null) request.Headers.Add("X-Agent", "@operator");
        else request.Headers.Authorization = new("Bearer", by);
        using var answer = await room.Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        var json = JsonDocument.Parse(text).RootElement;
        return (json.GetProperty("id").GetString()!, json.GetProperty("secret").GetString()!);
    }

    [GeneratedRegex("<script(?![^>]* src=)|<style|\\sstyle=|\\son[a-z]+=\"|javascript:", RegexOptions.IgnoreCase)]
    private static partial Regex Inline();
}
