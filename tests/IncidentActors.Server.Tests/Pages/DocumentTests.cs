using System.Text.RegularExpressions;
using IncidentActors.Server.Pages.Documents;

namespace IncidentActors.Server.Tests.Pages;

/// <summary>The documents that the server shows under /docs, and that <c>./run docs</c> writes as a site.</summary>
public sealed partial class DocumentTests
{
    [Fact]
    public async Task Every_link_of_the_site_leads_to_a_file_and_to_an_anchor_of_it()
    {
        var site = Directory.CreateTempSubdirectory("docs-").FullName;
        Assert.Equal(0, await DocumentSite.WriteAsync([site]));

        var pages = Directory.GetFiles(site, "*.html", SearchOption.AllDirectories).ToDictionary(path => path, File.ReadAllText);
        Assert.Contains(Path.Combine(site, "docs", "HALTS.html"), pages.Keys);
        foreach (var (path, html) in pages)
        {
            foreach (var link in Link().Matches(html).Select(match => match.Groups[1].Value).Where(link => !link.Contains("://")))
            {
                var target = new Uri(new Uri("file://" + path), link);
                Assert.True(File.Exists(target.LocalPath), $"{path}: {link}");
                if (target.Fragment.Length > 1) Assert.Contains($"id=\"{target.Fragment[1..]}\"", pages[target.LocalPath]);
            }
        }

        Directory.Delete(site, recursive: true);
    }

    [Fact]
    public void What_was_not_built_in_is_text()
    {
        var html = BuiltInDocuments.Render(BuiltInDocuments.First, file => file).Html;
        Assert.Contains("href=\"docs/ARCHITECTURE.md\"", html, StringComparison.Ordinal);
        Assert.Contains(", decisions<", html, StringComparison.Ordinal);
    }

    [GeneratedRegex("(?:href|src)=\"([^\"]*)\"")]
    private static partial Regex Link();
}
