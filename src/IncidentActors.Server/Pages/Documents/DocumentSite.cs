using System.Net;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Pages.Assets;

namespace IncidentActors.Server.Pages.Documents;

/// <summary><c>incident-server docs FOLDER</c>: the documents as files of HTML that any web server can serve, or a browser open.</summary>
internal static class DocumentSite
{
    private const string Style = "style.css";

    /// <summary>Writes the documents as a site of HTML files into a folder. Returns the exit code.</summary>
    /// <exception cref="StartFailure">Arguments that are not understood, or a folder that cannot be written.</exception>
    public static async Task<int> WriteAsync(IReadOnlyList<string> args)
    {
        if (args is not [var folder] || folder.StartsWith('-')) throw new StartFailure(ExitCode.Arguments, "Name the folder of the site: ./run docs site");
        try
        {
            foreach (var file in BuiltInDocuments.Files)
            {
                var target = Path.Combine(folder, BuiltInDocuments.IsDocument(file) ? Address(file) : file);
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!);
                await File.WriteAllBytesAsync(target, BuiltInDocuments.IsDocument(file) ? Page(file) : BuiltInDocuments.Read(file));
            }

            await File.WriteAllBytesAsync(Path.Combine(folder, Style), PageAssets.StyleSheet);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartFailure(ExitCode.Failed, $"The site cannot be written: {error.Message}");
        }

        Console.WriteLine($"{Path.Combine(folder, Address(BuiltInDocuments.First))}: {BuiltInDocuments.Files.Count(BuiltInDocuments.IsDocument)} documents");
        return (int)ExitCode.Stopped;
    }

    private static string Address(string file) => file == BuiltInDocuments.First ? "index.html" : Path.ChangeExtension(file, ".html");

    private static byte[] Page(string file)
    {
        var folder = Path.GetDirectoryName(file) is { Length: > 0 } above ? above : ".";
        string Relative(string other) => Path.GetRelativePath(folder, BuiltInDocuments.IsDocument(other) ? Address(other) : other).Replace('\\', '/');
        var (title, html) = BuiltInDocuments.Render(file, Relative);
        return System.Text.Encoding.UTF8.GetBytes($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <title>{WebUtility.HtmlEncode(title)} · IncidentActors</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <link rel="stylesheet" href="{Relative(Style)}">
            </head>
            <body>
            <main id="main">
            <p class="crumbs"><a href="{Relative(BuiltInDocuments.First)}">IncidentActors</a></p>
            <article class="panel document md">
            {html}
            </article>
            </main>
            </body>
            </html>

            """);
    }
}
