using System.Net;
using System.Text.RegularExpressions;

namespace IncidentActors.Pages.Tests;

/// <summary>Somebody at a browser without script, seen from the line: every header and cookie can be looked at.</summary>
internal sealed partial class Person(int port) : IDisposable
{
    private readonly HttpClient client = new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() })
    {
        BaseAddress = new Uri($"http://127.0.0.1:{port}"),
    };

    public string Origin => client.BaseAddress!.GetLeftPart(UriPartial.Authority);

    public Task<HttpResponseMessage> GetAsync(string path) => client.GetAsync(path);

    public async Task<string> ReadAsync(string path)
    {
        using var answer = await client.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode} {text}");
        return text;
    }

    public Task<HttpResponseMessage> SignInAsync(string field, string value, string back = "/") =>
        PostAsync("/signin", new() { [field] = value, ["return"] = back });

    public async Task<HttpResponseMessage> PostAsync(string path, Dictionary<string, string> fields, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields) };
        if (headers.Length == 0) request.Headers.Add("Origin", Origin);
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return await client.SendAsync(request);
    }

    /// <summary>The hidden fields of one of the page's forms.</summary>
    public async Task<Dictionary<string, string>> FormAsync(string path, string id)
    {
        var form = Regex.Match(await ReadAsync(path), $"<form[^>]*id=\"{id}\".*?</form>", RegexOptions.Singleline);
        Assert.True(form.Success, $"{path} has no form {id}");
        return Hidden()
            .Matches(form.Value)
            .ToDictionary(match => WebUtility.HtmlDecode(match.Groups[1].Value), match => WebUtility.HtmlDecode(match.Groups[2].Value));
    }

    public void Dispose() => client.Dispose();

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"")]
    private static partial Regex Hidden();
}
