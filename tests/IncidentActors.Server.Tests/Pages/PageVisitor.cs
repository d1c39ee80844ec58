using System.Net;
using System.Text.RegularExpressions;
using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Pages;

/// <summary>Somebody with a browser that has no script: signs in, reads pages, sends the forms that stand on them.</summary>
internal sealed partial class PageVisitor : IDisposable
{
    private readonly HttpClient client;

    private PageVisitor(HttpClient client) => this.client = client;

    public static async Task<PageVisitor> SignInAsync(ServerUnderTest server, string handle)
    {
        var handler = new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() };
        var visitor = new PageVisitor(new HttpClient(handler) { BaseAddress = server.Address });
        visitor.client.DefaultRequestHeaders.Add("Origin", server.Address.GetLeftPart(UriPartial.Authority));
        using var answer = await visitor.client.PostAsync("/signin", new FormUrlEncodedContent([new("handle", handle), new("return", "/")]));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        return visitor;
    }

    public async Task<string> GetAsync(string path)
    {
        using var answer = await client.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {(int)answer.StatusCode} {text[..Math.Min(2000, text.Length)]}");
        return text;
    }

    /// <summary>Where the page sends its visitor instead of showing something.</summary>
    public async Task<string?> RedirectAsync(string path)
    {
        using var answer = await client.GetAsync(path);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        return answer.Headers.Location?.ToString();
    }

    /// <summary>Sends a form of the page with its hidden fields and these; gives the status and the page that answers, redirects not followed.</summary>
    public async Task<(HttpStatusCode Status, string Body)> SendAsync(string path, string form, params (string Name, string Value)[] fields)
    {
        using var answer = await PostAsync(path, form, fields);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>As <see cref="SendAsync"/>; gives the status and where the answer leads.</summary>
    public async Task<(HttpStatusCode Status, string? Location)> FollowAsync(string path, string form, params (string Name, string Value)[] fields)
    {
        using var answer = await PostAsync(path, form, fields);
        return (answer.StatusCode, answer.Headers.Location?.ToString());
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string form, (string Name, string Value)[] fields)
    {
        var page = await GetAsync(path);
        var markup = Regex.Match(page, $"<form[^>]*id=\"{form}\".*?</form>", RegexOptions.Singleline);
        Assert.True(markup.Success, $"{path} has no form {form}");
        var hidden = Hidden()
            .Matches(markup.Value)
            .Select(
                match => KeyValuePair.Create(WebUtility.HtmlDecode(match.Groups[1].Value), WebUtility.HtmlDecode(match.Groups[2].Value)));
        return await client.PostAsync(
            path, new FormUrlEncodedContent([.. hidden, .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]));
    }

    public void Dispose() => client.Dispose();

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"")]
    private static partial Regex Hidden();
}
